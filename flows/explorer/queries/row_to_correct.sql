select * from /* table */ where /* key */ = :row_id

select status, count(*) as n from corrections group by status order by n desc, status

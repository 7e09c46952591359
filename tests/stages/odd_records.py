"""More inputs as people have them: tables and records of other tools, feeds, web archives, letters."""

from __future__ import annotations

import io
import json
from datetime import date, datetime

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlwt

from tests.stages.odd_archives import FOR_D, FOR_E, D, E, F
from tests.stages.odd_inputs import TO_DO, Doc, article, case, lines, record, response, tags, text


def parquet(**columns: object) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def xls(rows: list[list[str]]) -> bytes:
    book, buffer = xlwt.Workbook(), io.BytesIO()
    sheet = book.add_sheet("Articles")
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            sheet.write(i, j, value)
    book.save(buffer)
    return buffer.getvalue()


def xlsx(rows: list[list[str]]) -> bytes:
    """A spreadsheet of one sheet."""
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


# a case a line
# fmt: off

d, e, f = (" ".join(p) for p in (D, E, F))
case("Parquet with days, lists and a struct", {"a.parquet": parquet(uri=["https://courier.example/n/d", "https://courier.example/n/e"], headline=["Dockers", "A road"], paragraphs=[D, E], publication_date=[date(2024, 3, 14), date(2024, 4, 1)], authors=[["Anna Reed", "Tom Vane"], []], source=[{"name": "Caspian Courier", "domain": "courier.example"}, {"name": "Steppe Times", "domain": "steppe.example"}])}, Doc(D, title="Dockers", day="2024-03-14", author="Anna Reed; Tom Vane", outlet="Caspian Courier", url="https://courier.example/n/d"), Doc(E, title="A road", day="2024-04-01", author="", outlet="Steppe Times"))
case("Parquet with times, categories and empty texts", {"a.parquet": parquet(article_text=[d, None, e], published=pa.array([datetime(2024, 3, 14, 8, 12), None, datetime(2024, 4, 1)], pa.timestamp("ms")), media=pa.array(["Caspian Courier", "x", "Steppe Times"]).dictionary_encode())}, Doc([D[0]], day="2024-03-14", outlet="Caspian Courier"), Doc([E[0]], day="2024-04-01"), rejects=["empty"])
case("a spreadsheet with articles", {"a.xlsx": xlsx([["Headline", "Date", "Publication", "Full text"], ["Dockers", "2024-03-14", "Caspian Courier", d], ["A road", "2024-04-01", "Steppe Times", e]])}, Doc([D[0]], title="Dockers", day="2024-03-14", outlet="Caspian Courier"), Doc([E[0]], title="A road"))
GKG = "GKGRECORDID\tDATE\tSourceCollectionIdentifier\tSourceCommonName\tDocumentIdentifier\tV2Themes\tV2Tone\n20240314081500-1\t20240314081500\t1\tcourier.example\thttps://courier.example/n/d\tSTRIKE,12;PORTS,40\t-1.2,3.1\n"
case("GDELT's knowledge graph without texts", {"g.tsv": GKG}, rejects=[TO_DO])
case("GDELT joined with texts", {"g.csv": f"GLOBALEVENTID,SQLDATE,Actor1Name,SOURCEURL,DATEADDED,article_title,article_text\n1094,20240314,DOCKER,https://courier.example/n/d,20240314081500,Dockers,\"{d}\"\n1095,20240401,COURT,https://steppe.example/n/e,20240401081500,A road,\"{e}\"\n"}, Doc([D[0]], title="Dockers", day="2024-03-14", url="https://courier.example/n/d"), Doc([E[0]], title="A road", day="2024-04-01"))
case("Media Cloud joined with texts", {"m.csv": f"stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url,story_text\n2001,2024-03-14 08:12:00,Dockers,https://courier.example/n/d,en,False,,12,Caspian Courier,https://courier.example,\"{d}\"\n"}, Doc([D[0]], title="Dockers", day="2024-03-14", outlet="Caspian Courier", url="https://courier.example/n/d"))
case("NewsAPI with a removed article", {"n.json": json.dumps({"status": "ok", "totalResults": 2, "articles": [{"source": {"id": None, "name": "[Removed]"}, "author": None, "title": "[Removed]", "description": "[Removed]", "url": "https://removed.com", "publishedAt": "1970-01-01T00:00:00Z", "content": "[Removed]"}, {"source": {"id": "cc", "name": "Caspian Courier"}, "author": "Anna Reed, Tom Vane", "title": "Dockers", "description": "Short.", "url": "https://courier.example/n/d", "publishedAt": "2024-03-14T08:12:00Z", "content": d}]})}, Doc([D[0]], title="Dockers", day="2024-03-14", author="Anna Reed; Tom Vane", outlet="Caspian Courier"), rejects=["."])
case("newsapi.ai, articles by results", {"e.json": json.dumps({"articles": {"results": [{"uri": "8012", "lang": "eng", "isDuplicate": False, "date": "2024-03-14", "time": "08:12:00", "dateTime": "2024-03-14T08:12:00Z", "dataType": "news", "sim": 0, "url": "https://courier.example/n/d", "title": "Dockers", "body": text(D), "source": {"uri": "courier.example", "dataType": "news", "title": "Caspian Courier"}, "authors": [{"uri": "anna_reed@courier.example", "name": "Anna Reed", "type": "author", "isAgency": False}], "sentiment": 0.1}], "totalResults": 1}})}, Doc(D, title="Dockers", day="2024-03-14", author="Anna Reed", outlet="Caspian Courier", url="https://courier.example/n/d"))
case("Webhose, posts with threads", {"w.jsonl": lines({"uuid": "a1b2", "thread": {"site": "courier.example", "title": "Dockers", "url": "https://courier.example/n/d", "country": "KZ"}, "url": "https://courier.example/n/d", "author": "Anna Reed", "published": "2024-03-14T08:12:00.000+05:00", "title": "Dockers", "text": text(D), "highlightText": "", "language": "english", "crawled": "2024-03-15T00:00:00.000+00:00"})}, Doc(D, title="Dockers", day="2024-03-14", author="Anna Reed", url="https://courier.example/n/d"))
case("records with snippets alone", {"n.jsonl": lines({"uuid": "a1", "title": "Dockers", "description": "Short.", "snippet": D[0][:60] + "...", "url": "https://courier.example/n/d", "published_at": "2024-03-14T08:12:00.000000Z", "source": "courier.example"})}, rejects=["."])
case("Aylien's stories", {"a.json": json.dumps({"stories": [{"id": 44, "title": "Dockers", "body": text(D), "published_at": "2024-03-14T08:12:00+00:00", "author": {"id": 3, "name": "Anna Reed"}, "source": {"id": 9, "name": "Caspian Courier", "domain": "courier.example"}, "links": {"permalink": "https://courier.example/n/d"}, "language": "en"}]})}, Doc(D, title="Dockers", day="2024-03-14", author="Anna Reed", outlet="Caspian Courier", url="https://courier.example/n/d"))
case("a table of R with row names and NA", {"r.csv": f"\"\",\"id\",\"headline\",\"author\",\"date\",\"text\"\n\"1\",\"k1\",\"Dockers\",NA,\"2024-03-14\",\"{d}\"\n\"2\",\"k2\",NA,\"Tom Vane\",NA,\"{e}\"\n"}, Doc([D[0]], title="Dockers", day="2024-03-14", author=""), Doc([E[0]], author="Tom Vane", day=""))
case("a table whose text holds pages", {"h.csv": "url,html\nhttps://courier.example/n/d,\"" + article("Dockers return at Aktau", D).replace('"', '""') + "\"\n"}, Doc(D, ["World"], url="https://courier.example/n/d"))
case("a table with notes above its header", {"n.csv": f"Export of the Caspian archive,,,\nMade on 15 March 2024,,,\n,,,\nid,title,date,text\nk1,Dockers,2024-03-14,\"{d}\"\nk2,A road,2024-04-01,\"{e}\"\n"}, Doc([D[0]], title="Dockers"), Doc([E[0]], title="A road"), or_told=True)
case("records in a text column cut at 32,767 signs", {"x.csv": f"id,text\nk1,\"{d}\"\nk2,\"{(e + ' ') * 200}\"\n"}, Doc([D[0]]), Doc([E[0]]))
case("tweets of outlets as lines", {"t.jsonl": lines({"id_str": "176", "created_at": "Thu Mar 14 08:12:00 +0000 2024", "full_text": d[:270], "user": {"screen_name": "courier", "name": "Caspian Courier"}, "lang": "en"})}, Doc([D[0]], day="2024-03-14"))
case("zero-width marks and soft hyphens in records", {"z.jsonl": lines({"text": text(D).replace("dockers", "dock\u00aders").replace("storm", "st\u200borm").replace("tankers", "tank\ufeffers")})}, FOR_D)
case("UTF-16 without a mark, lines of JSON", {"u.jsonl": lines({"id": "k1", "text": text(D)}, {"id": "k2", "text": text(E)}).encode("utf-16-le")}, FOR_D, FOR_E)
case("a text in UTF-16 of the other order without a mark", {"u.txt": text(D).encode("utf-16-be")}, FOR_D)
case("a text of two encodings", {"m.txt": text(D[:2]).encode() + b"\n" + text([D[2] + " It cost £40 – “a lot”."]).encode("cp1252")}, Doc([*D, "£40 – “a lot”"]))
case("a text that was read as cp1252 and saved as UTF-8", {"m.txt": text([*D, "It’s a café, said Zoë — “naïve”."]).encode().decode("cp1252", "replace").replace("\ufffd", "")}, Doc([D[0], "café"]))
case("an id that comes thrice, twice the same", {"i.csv": f"id,text\nk1,\"{d}\"\nk1,\"{e}\"\nk1,\"{d}\"\nk2,\"{f}\"\n"}, Doc([D[0]]), Doc([E[0]]), Doc([F[0]]), rejects=["repeated_id"])
ATOM = "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>Caspian Courier</title><id>urn:1</id>" + "".join(f"<entry><title type='html'>{t}</title><link rel='alternate' href='https://courier.example/n/{n}'/><id>urn:{n}</id><published>{day}</published><updated>2024-06-01T00:00:00Z</updated>{people}<summary>Short.</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{tags(body)}</div></content></entry>" for n, t, day, people, body in ((1, "Dockers &amp;amp; cranes", "2024-03-14T08:12:00Z", "<author><name>Anna Reed</name></author><author><name>Tom Vane</name></author>", D), (2, "A road", "2024-04-01T08:12:00Z", "<author><name>Li Na</name></author>", E))) + "</feed>"
case("Atom with XHTML and two authors", {"f.atom": ATOM}, Doc(D, ["Short."], "Dockers & cranes", "2024-03-14", "Anna Reed; Tom Vane", url="https://courier.example/n/1"), Doc(E, title="A road", day="2024-04-01", author="Li Na"))
PAGE = article("Dockers return at Aktau", D, "<p class='byline'>By Anna Reed</p>").encode()
WAT = record("metadata", "https://courier.example/n/d", json.dumps({"Envelope": {"Payload-Metadata": {"HTTP-Response-Metadata": {"HTML-Metadata": {"Head": {"Title": "Dockers"}}}}}}).encode(), "application/json", 9)
case("Common Crawl, WARC with request, metadata and response", {"c.warc": record("request", "https://courier.example/n/d", b"GET /n/d HTTP/1.1\r\nHost: courier.example\r\n\r\n", "application/http; msgtype=request", 7) + response("https://courier.example/n/d", PAGE) + record("metadata", "https://courier.example/n/d", b"fetchTimeMs: 12\r\n", "application/warc-fields", 8)}, Doc(D, title="Dockers return at Aktau", author="Anna Reed", url="https://courier.example/n/d"))
case("Common Crawl, WAT without texts", {"c.warc.wat.gz": __import__("gzip").compress(WAT, mtime=0)}, rejects=[TO_DO])
case("Common Crawl, robots and a revisit", {"c.warc": response("https://courier.example/robots.txt", b"User-agent: *\nDisallow: /admin\n", "Content-Type: text/plain\r\n", number=4) + record("revisit", "https://courier.example/n/e", b"HTTP/1.1 200 OK\r\n\r\n", "application/http; msgtype=response", 6) + response("https://courier.example/n/d", PAGE)}, FOR_D, rejects=["a page .*courier.example/n/e.*collect"])
case("a revisit of a page that the archive holds", {"c.warc": response("https://courier.example/n/d", PAGE) + record("revisit", "https://courier.example/n/d", b"HTTP/1.1 200 OK\r\n\r\n", "application/http; msgtype=response", 6)}, FOR_D)
FORMS = ["Thursday, 14 March 2024", "14th of March, 2024", "March 14 2024, 8:12am", "Mar. 14, 2024, 8:12 a.m. ET", "2024.03.14", "2024-074", "14/III/2024", "14-03-2024 08:12", "Thu, 14 Mar 24 08:12:00 GMT", "20240314", "2024-03-14 08:12:00+06:00", "14 mar. 2024", "14 de março de 2024", "14. 3. 2024", "14 März 2024", "2024年3月14日", "Published March 14, 2024", "Posted on: 14-Mar-2024", "3/14/2024 8:12:00 AM", "1710403920.0"]
for said in FORMS:
    case(f"a day as {said}", {"a.jsonl": lines({"id": "k1", "pubDate": said, "content": text(D)})}, Doc(D, day="2024-03-14"))
PEOPLE = {
    "By ANNA REED, Associated Press": "ANNA REED",
    "Anna Reed and Tom Vane, Caspian Courier": "Anna Reed; Tom Vane",
    "Anna Reed,Tom Vane,Li Na": "Anna Reed; Tom Vane; Li Na",
    "Anna Reed | Tom Vane": "Anna Reed; Tom Vane",
    "Anna Reed (Aktau), Tom Vane (Astana)": "Anna Reed; Tom Vane",
    "['Anna Reed', 'Tom Vane']": "Anna Reed; Tom Vane",
    "Reed, Anna; Vane, Tom": "Anna Reed; Tom Vane",
    "REED, ANNA": "ANNA REED",
    "Anna Reed, Ph.D.": "Anna Reed",
    "Anna Reed Jr.": "Anna Reed Jr.",
    "Anna M. Reed with Tom Vane": "Anna M. Reed; Tom Vane",
    "anna.reed@courier.example (Anna Reed)": "Anna Reed",
    "https://courier.example/author/anna-reed": "",
    "admin": "",
    "Editorial Board": "",
    "Anna Reed, Opinion contributor": "Anna Reed",
    "Special to The Courier by Anna Reed": "Anna Reed",
    "Dr Anna Reed, Prof Tom Vane": "Dr Anna Reed; Prof Tom Vane",
    "Anna Reed / Photos: Tom Vane": "Anna Reed",
    "Saule Bekova-Kim, Жанна Ахметова": "Saule Bekova-Kim; Жанна Ахметова",
}
for said, names in PEOPLE.items():
    case(f"authors as {said}", {"a.jsonl": lines({"id": "k1", "author": said, "text": text(D), "source": "Caspian Courier"})}, Doc(D, author=names))
TITLES = {
    "Dockers return | Caspian Courier": "Dockers return",
    "Dockers return - Caspian Courier": "Dockers return",
    "<b>Dockers</b> return": "Dockers return",
    "Dockers&#39; return &amp; after": "Dockers' return & after",
    "Dockers return \n at last": "Dockers return at last",
    "Opinion | Dockers return": "Dockers return",
    "Caspian Courier: Dockers return": "Dockers return",
    "Dockers return – what it means": "Dockers return – what it means",
    "DOCKERS RETURN": "DOCKERS RETURN",
    "\"Dockers return\"": "\"Dockers return\"",
}
for said, title in TITLES.items():
    case(f"a title as {said}", {"a.jsonl": lines({"id": "k1", "title": said, "text": text(D), "source": "Caspian Courier", "url": "https://caspiancourier.example/n/d"})}, Doc(D, title=title))
case("the answer of a search for news", {"a.json": json.dumps({"_type": "News", "value": [{"name": "Dockers return", "url": "https://courier.example/n/d", "description": text(D), "provider": [{"_type": "Organization", "name": "Caspian Courier"}], "datePublished": "2024-03-14T08:00:00.0000000Z"}]})}, Doc(D, title="Dockers return", day="2024-03-14", outlet="Caspian Courier"))
case("posts of a database of WordPress", {"a.json": json.dumps([{"ID": 7, "post_title": "Dockers return", "post_content": tags(D), "post_date": "2024-03-14 08:12:00", "post_author": "Anna Reed", "post_name": "dockers-return"}])}, Doc(D, ["<p>"], "Dockers return", "2024-03-14", "Anna Reed"))
case("a table of headings, times and contributors", {"a.csv": f'Heading,Time,Contributor,Provider Name,News\nDockers return,Mar 14 2024,Anna Reed,Caspian Courier,"{text(D)}"\n'}, Doc(D, title="Dockers return", day="2024-03-14", author="Anna Reed", outlet="Caspian Courier"))
case("contributors, and the content of news", {"a.jsonl": lines({"contributors": ["Anna Reed", "Tom Vane"], "news_content": text(D)})}, Doc(D, author="Anna Reed; Tom Vane"))
case("lines of JSON as Scrapy writes them", {"items.jl": lines({"title": "Dockers return", "text": text(D)}, {"title": "Court opens a road", "text": text(E)})}, Doc(D, title="Dockers return"), Doc(E, title="Court opens a road"))
case("columns with German names", {"a.csv": f'Überschrift;Erscheinungsdatum;Autor;Volltext\nDockers return;14.03.2024;Anna Reed;"{text(D)}"\n'}, Doc(D, title="Dockers return", day="2024-03-14", author="Anna Reed"))
case("columns with French names, under a spreadsheet's name", {"a.xls": f'Titre\tDate\tAuteur\tTexte\nDockers return\t2024-03-14\tAnna Reed\t{" ".join(D)}\n'.encode("utf-16")}, Doc(D, title="Dockers return", day="2024-03-14", author="Anna Reed"))

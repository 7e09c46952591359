"""Inputs as people have them, and what a careful reader expects of each: made up, in the spirit of public bug reports of readers of news.

A case is a name, its files and what becomes of them: a `Doc` for each document, which is known by the first of its `has`, and for each reject
words of its reason and detail. `OR_TOLD` stands where reading a file and saying what to do with it are both right.
"""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import plistlib
import tarfile
import textwrap
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from typing import Any, NamedTuple

import pyarrow as pa

TO_DO = r"unpack|extract|convert|save|split|export|rename|move|remove|collect|install|copy"
"""A detail that says what to do has one of these words."""


class Doc(NamedTuple):
    """A document: what its text has and lacks, and what is known of it; None is not looked at, "" is nothing."""

    has: Sequence[str]
    lacks: Sequence[str] = ()
    title: str | None = None
    day: str | None = None
    author: str | None = None
    outlet: str | None = None
    url: str | None = None


class Case(NamedTuple):
    """Files by path, the documents that they make and patterns of the rejects; `or_told`: or a reject that says what to do for each file."""

    name: str
    files: Mapping[str, bytes]
    docs: Sequence[Doc]
    rejects: Sequence[str] = ()
    or_told: bool = False


# a case a line
# fmt: off
CASES: list[Case] = []


def case(name: str, files: Mapping[str, bytes | str], *docs: Doc, rejects: Sequence[str] = (), or_told: bool = False) -> None:
    """Add a case; texts are UTF-8."""
    encoded = {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}
    CASES.append(Case(name, encoded, docs, rejects, or_told))


# --- texts -------------------------------------------------------------------------------------------------------

A = [
    "The harbour at Varna reopened on Tuesday after engineers cleared two sunken barges from the channel.",
    "“We worked through the night and lost no time,” said Irina Koleva, the harbour master, who has run the port since 2011.",
    "Fourteen ships that had waited outside the breakwater were let in by noon, and the grain terminal began loading again.",
]
B = [
    "The town library of Brno will keep its doors open until midnight during the examinations, the council decided.",
    "Students had asked for longer hours since the winter, when two reading rooms were closed for repairs.",
    "The extra nights cost the town some 4,000 euros a week, which the mayor called a small sum.",
]
C = [
    "Rail workers in Leeds walked out on Thursday over a roster that gives some drivers eleven days without rest.",
    "The company said that it would run every second train and that tickets for the others could be returned.",
    "A union official, Peter Hale, said that talks would go on at the weekend if the roster was withdrawn first.",
]
FOR_A = Doc(A)
FOR_B = Doc(B)
FOR_C = Doc(C)


def text(paragraphs: Sequence[str], gap: str = "\n\n") -> str:
    return gap.join(paragraphs) + "\n"


def tags(paragraphs: Sequence[str]) -> str:
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def page(title: str, body: str, head: str = "", charset: str = "utf-8") -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="{charset}"><title>{title}</title>{head}</head>\n'
        f'<body><nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>\n<main>{body}</main>\n'
        f"<footer><p>© 2024 The Coast Courier. All rights reserved.</p></footer></body></html>\n"
    )


def article(title: str, paragraphs: Sequence[str], above: str = "", head: str = "", charset: str = "utf-8") -> str:
    return page(title, f"<article><h1>{title}</h1>{above}{tags(paragraphs)}</article>", head, charset)


def ld(**fields: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **fields})}</script>'


def lines(*records: Any) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def safari(**main: object) -> bytes:
    """A page as Safari saves it."""
    return plistlib.dumps({"WebMainResource": main}, fmt=plistlib.FMT_BINARY)


def zipped(**files: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), data)
    return buffer.getvalue()


def tarred(mode: str, **files: str) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            member = tarfile.TarInfo(name.replace("_DOT_", "."))
            member.size = len(data.encode())
            archive.addfile(member, io.BytesIO(data.encode()))
    return buffer.getvalue()


def record(kind: str, uri: str, body: bytes, content_type: str, number: int = 1, extra: str = "", length: int | None = None) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {uri}\r\nWARC-Date: 2024-03-02T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nContent-Type: {content_type}\r\n{extra}"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(
    uri: str, body: bytes, headers: str = "Content-Type: text/html; charset=utf-8\r\n", status: str = "200 OK", number: int = 1
) -> bytes:
    http = f"HTTP/1.1 {status}\r\n{headers}\r\n".encode() + body
    return record("response", uri, http, "application/http; msgtype=response", number)


def chunked(data: bytes, size: int = 700, extension: bytes = b"") -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(piece), extension, piece) for piece in pieces) + b"0\r\n\r\n"


# --- ids given twice ---------------------------------------------------------------------------------------------

case('id twice in an array of JSON', {'a.json': json.dumps([{'id': 'k-1', 'text': text(A)}, {'id': 'k-1', 'text': text(B)}])}, FOR_A, FOR_B)
case('id twice with the same text', {'a.jsonl': lines({'id': 'k-1', 'text': text(A)}, {'id': 'k-1', 'text': text(A)}, {'id': 'k-2', 'text': text(B)})}, FOR_A, FOR_B, rejects=['repeated_id'])
case('one address in a table and in lines', {'a.csv': f'url,title,text\nhttps://courier.example/n/harbour,Harbour,"{text(A)}"\n', 'b.jsonl': lines({'url': 'https://courier.example/n/harbour', 'body': text(B)})}, FOR_A, FOR_B)
case('an id of a rejected record', {'a.jsonl': lines({'id': 'k-1', 'text': ''}, {'id': 'k-1', 'text': text(C)})}, FOR_C, rejects=['empty'])
case('ids of two sorts that fall together', {'a.jsonl': lines({'id': 7, 'text': text(A)}, {'id': '7', 'text': text(B)}, {'id': 7.0, 'text': text(C)})}, FOR_A, FOR_B, FOR_C)
case('the same page twice in a web archive', {'a.warc': response('https://courier.example/n/1', article('Harbour', A).encode()) + response('https://courier.example/n/1', article('Harbour', A).encode(), number=2)}, FOR_A, rejects=['repeated_id'])

# --- tables ------------------------------------------------------------------------------------------------------

case('a mark that opens a cell and is never closed', {'t.csv': 'id,title,text\nx1,"Harbour opens,' + A[0] + '\nx2,Library,' + ' '.join(B).replace(',', ';') + '\nx3,Strike,' + ' '.join(C).replace(',', ';') + '\n'}, Doc([B[2].replace(',', ';')]), Doc([C[1]]), rejects=['broken_record.*line 2'])
case('inches in a cell', {'t.csv': 'id;text\nx1;' + A[0] + ' A board of 12" was found.\nx2;' + ' '.join(B) + '\n'}, Doc([A[0], '12" was found']), FOR_B)
case('marks that a backslash keeps', {'t.csv': 'id,text\nx1,"' + A[0] + ' \\"Never,\\" he said, \\"again.\\""\nx2,"' + ' '.join(B) + '"\n'}, Doc([A[0], 'Never']), FOR_B)
case('single marks around cells', {'t.csv': "id|title|text\nx1|'Harbour'|'" + ' '.join(A) + "'\nx2|'Library'|'" + ' '.join(B) + "'\n"}, Doc([A[0]], title='Harbour'), Doc([B[0]], title='Library'))
case('tabs in a .csv', {'t.csv': 'id\ttitle\tcontent\nx1\tHarbour\t' + ' '.join(A) + '\nx2\tLibrary\t' + ' '.join(B) + '\n'}, Doc([A[1]], title='Harbour'), Doc([B[1]], title='Library'))
case('tabs in a .txt', {'t.txt': 'id\ttitle\tdate\ttext\n' + ''.join((f"{n}\tTitle {n}\t2024-03-0{n}\t{' '.join(p)}\n" for n, p in ((1, A), (2, B), (3, C))))}, FOR_A, FOR_B, FOR_C, or_told=True)
case('lines ended by carriage returns', {'t.csv': 'id,text\rx1,"' + ' '.join(A) + '"\rx2,"' + ' '.join(B) + '"\r'}, FOR_A, FOR_B)
case('a column without a name in front', {'t.csv': ',title,text\n0,Harbour,"' + ' '.join(A) + '"\n1,Library,"' + ' '.join(B) + '"\n'}, Doc([A[0]], title='Harbour'), Doc([B[0]], title='Library'))
case('columns in capitals and with spaces', {'t.csv': 'Article ID,Head Line ,Publication Date, Full Text,Media Outlet\n9-a,Harbour,03/14/2024,"' + ' '.join(A) + '",Coast Courier\n'}, Doc([A[0]], title='Harbour', day='2024-03-14', outlet='Coast Courier'))
case('columns in other languages', {'t.csv': 'titre;date;texte;auteur;journal\nHarbour;14/03/2024;"' + ' '.join(A) + '";Anna Reed;Coast Courier\n'}, Doc([A[0]], title='Harbour', day='2024-03-14', author='Anna Reed'), or_told=True)
case('a table without a header', {'t.csv': ''.join((f'''"{n}","2024-03-0{n}","Title {n}","{' '.join(p)}"\n''' for n, p in ((1, A), (2, B), (3, C))))}, rejects=[TO_DO])
case('a header that is given again', {'t.csv': 'id,title,text\nx1,Harbour,"' + ' '.join(A) + '"\nid,title,text\nx2,Library,"' + ' '.join(B) + '"\n'}, FOR_A, FOR_B, rejects=['id,title,text|header|empty|broken'])
case('empty rows at the end', {'t.csv': 'id,title,text\nx1,Harbour,"' + ' '.join(A) + '"\n,,\n,,\n,,\n'}, FOR_A)
case('two columns of one name', {'t.csv': 'id,text,text\nx1,,"' + ' '.join(A) + '"\nx2,"' + ' '.join(B) + '",\n'}, FOR_A, FOR_B)
case('title and subtitle and lead beside the text', {'t.csv': 'headline,subheadline,lead,body,section,url\nHarbour opens again,Two barges were raised,A short lead.,"' + ' '.join(A) + '",News,https://courier.example/n/h\n'}, Doc([A[0]], title='Harbour opens again'))
case('a UTF-16 table of a spreadsheet', {'t.csv': ('id\ttext\nx1\t' + ' '.join(A) + '\n').encode('utf-16')}, FOR_A)
case('two bytes at the head of a gzip', {'t.csv.gz': gzip.compress(b'\xef\xbb\xbfid,text\nx1,"' + ' '.join(A).encode() + b'"\n', mtime=0)}, FOR_A)
case('a NUL between cells', {'t.csv': b'id,text\nx1,"' + ' '.join(A).encode() + b'"\nx2,"\x00' + ' '.join(B).encode() + b'"\n'}, FOR_A, FOR_B)
case('a spreadsheet named .csv', {'t.csv': zipped(xl__workbook_DOT_xml='<workbook/>', xl__worksheets__sheet1_DOT_xml='<worksheet/>')}, rejects=[f'spreadsheet.*({TO_DO})|({TO_DO})'])
case('a page named .csv', {'t.csv': article('Harbour', A)}, Doc([A[0]]), or_told=True)
case('days of a spreadsheet as numbers', {'t.csv': 'date,title,text\n45365,Harbour,"' + ' '.join(A) + '"\n'}, Doc([A[0]], day='2024-03-14'), or_told=False)

# --- lines and arrays of JSON ------------------------------------------------------------------------------------

WORDPRESS = [{'id': 811, 'date': '2024-03-14T08:12:00', 'date_gmt': '2024-03-14T06:12:00', 'slug': 'harbour', 'link': 'https://courier.example/2024/03/harbour/', 'title': {'rendered': 'Harbour opens &#8211; at last'}, 'content': {'rendered': tags(A), 'protected': False}, 'excerpt': {'rendered': '<p>Short.</p>'}, 'author': 4, '_embedded': {'author': [{'name': 'Anna Reed'}]}}]
case('WordPress, as its API answers', {'w.json': json.dumps(WORDPRESS)}, Doc(A, ['<p>', 'Short.'], 'Harbour opens – at last', '2024-03-14', 'Anna Reed', url='https://courier.example/2024/03/harbour/'))
case('Elasticsearch, a whole answer', {'e.json': json.dumps({'took': 3, 'hits': {'total': {'value': 2}, 'hits': [{'_index': 'n', '_id': 'aa1', '_source': {'headline': 'Harbour', 'fulltext': text(A), 'pub_date': '2024-03-14T00:00:00Z'}}, {'_index': 'n', '_id': 'aa2', '_source': {'headline': 'Library', 'fulltext': text(B), 'pub_date': '2024-03-15T00:00:00Z'}}]}})}, Doc(A, title='Harbour', day='2024-03-14'), Doc(B, title='Library', day='2024-03-15'))
case('Elasticsearch, as it is taken in bulk', {'e.jsonl': lines({'index': {'_index': 'n', '_id': '1'}}, {'title': 'Harbour', 'text': text(A)}, {'index': {'_index': 'n', '_id': '2'}}, {'title': 'Library', 'text': text(B)})}, FOR_A, FOR_B, rejects=['no_text|empty|broken', 'no_text|empty|broken'])
case('NewsAPI, cut contents', {'n.json': json.dumps({'status': 'ok', 'totalResults': 1, 'articles': [{'source': {'id': None, 'name': 'Coast Courier'}, 'author': 'Anna Reed', 'title': 'Harbour opens - Coast Courier', 'description': A[0], 'url': 'https://courier.example/n/h', 'publishedAt': '2024-03-14T08:12:00Z', 'content': A[0] + ' ' + A[1][:80] + '… [+2413 chars]'}]})}, Doc([A[0]], ['2413'], 'Harbour opens', '2024-03-14', 'Anna Reed', 'Coast Courier'))
case('GNews', {'n.json': json.dumps({'totalArticles': 1, 'articles': [{'title': 'Harbour opens', 'description': A[0], 'content': text(A), 'url': 'https://courier.example/n/h', 'image': 'https://courier.example/i.jpg', 'publishedAt': '2024-03-14T08:12:00Z', 'source': {'name': 'Coast Courier', 'url': 'https://courier.example'}}]})}, Doc(A, title='Harbour opens', day='2024-03-14', outlet='Coast Courier', url='https://courier.example/n/h'))
case("the Guardian's API", {'g.json': json.dumps({'response': {'status': 'ok', 'results': [{'id': 'world/2024/mar/14/harbour', 'type': 'article', 'sectionName': 'World news', 'webPublicationDate': '2024-03-14T08:12:00Z', 'webTitle': 'Harbour opens', 'webUrl': 'https://courier.example/world/harbour', 'fields': {'byline': 'Anna Reed in Varna', 'bodyText': text(A), 'body': tags(A), 'trailText': 'Trail.'}}]}})}, Doc(A, ['<p>', 'Trail.'], 'Harbour opens', '2024-03-14', 'Anna Reed', url='https://courier.example/world/harbour'))
case("the New York Times' API", {'n.json': json.dumps({'status': 'OK', 'response': {'docs': [{'abstract': ' '.join(A[:2]), 'web_url': 'https://courier.example/2024/03/14/h.html', 'snippet': A[0], 'lead_paragraph': A[0], 'headline': {'main': 'Harbour Opens', 'kicker': None, 'print_headline': 'Harbor'}, 'pub_date': '2024-03-14T08:12:00+0000', 'byline': {'original': 'By Anna Reed and Tom Vane', 'person': [{'firstname': 'Anna', 'lastname': 'Reed'}]}, 'source': 'Coast Courier', '_id': 'nyt://article/aa-bb'}]}})}, Doc([A[0]], title='Harbour Opens', day='2024-03-14', author='Anna Reed; Tom Vane', outlet='Coast Courier'))
case("GDELT's DOC list without texts", {'g.json': json.dumps({'articles': [{'url': 'https://courier.example/n/h', 'url_mobile': '', 'title': 'Harbour opens', 'seendate': '20240314T081500Z', 'socialimage': '', 'domain': 'courier.example', 'language': 'English', 'sourcecountry': 'Bulgaria'}]})}, rejects=[TO_DO])
case("Media Cloud's stories without texts", {'m.csv': 'id,indexed_date,language,media_name,media_url,publish_date,title,url\nab12,2024-03-15,en,courier.example,courier.example,2024-03-14,Harbour opens,https://courier.example/n/h\n'}, rejects=[TO_DO])
case('news-please', {'p.json': json.dumps({'authors': ['Anna Reed'], 'date_download': '2024-04-01 09:00:00', 'date_modify': None, 'date_publish': '2024-03-14 08:12:00', 'description': 'Short.', 'filename': 'x.json', 'image_url': None, 'language': 'en', 'localpath': None, 'maintext': text(A, '\n'), 'source_domain': 'courier.example', 'text': None, 'title': 'Harbour opens', 'title_page': None, 'title_rss': None, 'url': 'https://courier.example/n/h'})}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed', url='https://courier.example/n/h'))
case('fundus', {'f.json': json.dumps([{'title': 'Harbour opens', 'body': {'summary': ['Two barges were raised.'], 'sections': [{'headline': [], 'paragraphs': A[:2]}, {'headline': ['What comes next'], 'paragraphs': A[2:]}]}, 'authors': ['Anna Reed'], 'publishing_date': '2024-03-14 08:12:00+02:00', 'topics': ['Ports'], 'html': {'requested_url': 'https://courier.example/n/h'}}])}, Doc([*A, 'What comes next'], title='Harbour opens', day='2024-03-14', author='Anna Reed'))
case('Newspaper4k', {'n.json': json.dumps({'url': 'https://courier.example/n/h', 'title': 'Harbour opens', 'text': text(A), 'authors': ['Anna Reed'], 'publish_date': 'Thu, 14 Mar 2024 08:12:00 GMT', 'top_image': 'x', 'keywords': ['port'], 'summary': 'Short.'})}, Doc(A, ['Short.'], title='Harbour opens', day='2024-03-14', author='Anna Reed'))
case("trafilatura's JSON", {'t.json': json.dumps({'title': 'Harbour opens', 'author': 'Anna Reed; Tom Vane', 'hostname': 'courier.example', 'date': '2024-03-14', 'fingerprint': 'a', 'id': None, 'license': None, 'comments': 'First! Great news.', 'raw_text': ' '.join(A), 'text': text(A, '\n'), 'language': None, 'source': 'https://courier.example/n/h', 'source-hostname': 'Coast Courier', 'excerpt': 'Short.'})}, Doc(A, ['First!'], title='Harbour opens', day='2024-03-14', author='Anna Reed; Tom Vane', outlet='Coast Courier'))
case("Telegram's export of a channel", {'result.json': json.dumps({'name': 'Coast Courier', 'type': 'public_channel', 'id': 12, 'messages': [{'id': 1, 'type': 'service', 'date': '2024-03-01T00:00:00', 'action': 'create_channel', 'text': ''}, {'id': 2, 'type': 'message', 'date': '2024-03-14T08:12:00', 'from': 'Coast Courier', 'text': [{'type': 'bold', 'text': 'Harbour opens'}, '\n\n' + text(A)]}, {'id': 3, 'type': 'message', 'date': '2024-03-15T08:12:00', 'from': 'Coast Courier', 'text': text(B)}]})}, Doc(A, day='2024-03-14'), Doc(B, day='2024-03-15'), rejects=['empty'])
case('CC-News as Hugging Face has it', {'c.jsonl': lines({'requested_url': 'https://courier.example/n/h', 'plain_text': text(A), 'published_date': '2024-03-14T08:12:00', 'title': 'Harbour opens', 'author': 'Anna Reed', 'publisher': 'courier.example', 'sitename': 'Coast Courier', 'categories': [], 'language': 'en'})}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed', outlet='Coast Courier', url='https://courier.example/n/h'))
case('RealNews', {'r.jsonl': lines({'url': 'https://courier.example/n/h', 'url_used': 'https://courier.example/n/h', 'title': 'Harbour opens', 'text': text(A), 'summary': None, 'authors': ['Anna Reed'], 'publish_date': '03-14-2024', 'domain': 'courier.example', 'warc_date': '2024-03-20T00:00:00Z', 'status': 'success', 'split': 'train'})}, Doc(A, day='2024-03-14', author='Anna Reed'))
case('objects by id', {'o.json': json.dumps({'k-1': {'title': 'Harbour', 'text': text(A)}, 'k-2': {'title': 'Library', 'text': text(B)}})}, Doc(A, title='Harbour'), Doc(B, title='Library'))
case('a table by columns', {'o.json': json.dumps({'title': {'0': 'Harbour', '1': 'Library'}, 'text': {'0': text(A), '1': text(B)}})}, Doc(A, title='Harbour'), Doc(B, title='Library'), or_told=True)
case('a table split into columns and data', {'o.json': json.dumps({'columns': ['title', 'text'], 'index': [0, 1], 'data': [['Harbour', text(A)], ['Library', text(B)]]})}, Doc(A, title='Harbour'), Doc(B, title='Library'), or_told=True)
case('objects without a break between', {'o.json': json.dumps({'id': 'a-1', 'text': text(A)}) + json.dumps({'id': 'a-2', 'text': text(B)})}, FOR_A, FOR_B)
case('an array with commas too many', {'o.json': '[{"id": "a-1", "text": "' + ' '.join(A) + '"},\n{"id": "a-2", "text": "' + ' '.join(B) + '"},\n]'}, FOR_A, FOR_B)
case('an array that is cut', {'o.json': json.dumps([{'id': 'a-1', 'text': text(A)}, {'id': 'a-2', 'text': text(B)}, {'id': 'a-3', 'text': text(C)}])[:-150]}, FOR_A, FOR_B, rejects=['broken'])
case('a broken line between good ones', {'o.jsonl': lines({'text': text(A)}) + '{"text": "cut off here\n' + lines({'text': text(C)})}, FOR_A, FOR_C, rejects=['broken'])
case('raw line breaks in a string', {'o.json': '[{"id": "a-1", "title": "Harbour", "text": "' + '\n\n'.join(A) + '"}]'}, Doc(A, title='Harbour'))
case('marks as Python writes them', {'o.jsonl': ''.join((repr({'title': t, 'text': ' '.join(p)}) + '\n' for t, p in (('Harbour', B), ('Strike', C))))}, FOR_B, FOR_C, or_told=True)
case('JavaScript in front of JSON', {'o.json': 'var articles = ' + json.dumps([{'id': 'a-1', 'text': text(A)}]) + ';'}, FOR_A, or_told=True)
case('UTF-8 with a mark before each line', {'o.jsonl': ''.join('\ufeff' + line for line in lines({'text': text(A)}, {'text': text(B)}).splitlines(True))}, FOR_A, FOR_B)
case('cp1252 in lines of JSON', {'o.jsonl': lines({'text': text(A)}).encode('cp1252') + lines({'text': text(B)}).encode()}, FOR_A, FOR_B)
case('surrogates in escapes', {'o.jsonl': '{"text": "' + ' '.join(B) + ' It was \\ud83d\\udcda and \\ud83d alone."}\n'}, Doc([B[0], 'It was 📚 and']))
case('text under content, and comments', {'o.jsonl': lines({'content': [{'type': 'paragraph', 'text': p} for p in A] + [{'type': 'image', 'caption': 'A crane.'}], 'headline': {'basic': 'Harbour'}, 'display_date': '2024-03-14T08:00:00Z', 'credits': {'by': [{'name': 'Anna Reed', 'type': 'author'}]}})}, Doc(A, ['A crane.'], title='Harbour', day='2024-03-14', author='Anna Reed'))
case("Arc's content elements", {'o.json': json.dumps({'_id': 'AB12CD', 'type': 'story', 'headlines': {'basic': 'Harbour opens'}, 'content_elements': [{'type': 'text', 'content': p} for p in A], 'publish_date': '2024-03-14T08:00:00Z', 'canonical_url': '/news/harbour/', 'credits': {'by': [{'name': 'Anna Reed'}]}})}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed'))
case('Scrapy, lists of one', {'s.jsonl': lines({'title': ['Harbour opens'], 'body': A, 'date': ['14 March 2024'], 'author': ['By Anna Reed'], 'url': ['https://courier.example/n/h']})}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed', url='https://courier.example/n/h'))
case("MongoDB's export", {'m.jsonl': lines({'_id': {'$oid': '65f2b1c2aa'}, 'title': 'Harbour opens', 'text': text(A), 'published': {'$date': '2024-03-14T08:12:00Z'}}, {'_id': {'$oid': '65f2b1c2ab'}, 'title': 'Library', 'text': text(B), 'published': {'$date': {'$numberLong': '1710490320000'}}})}, Doc(A, title='Harbour opens', day='2024-03-14'), Doc(B, day='2024-03-15'))
case('an error of an API', {'n.json': json.dumps({'status': 'error', 'code': 'apiKeyInvalid', 'message': 'Your API key is invalid. Check your key, or get another one.'})}, rejects=['.'])
case('a record that is an error page', {'n.jsonl': lines({'url': 'https://courier.example/n/1', 'title': 'Access Denied', 'text': "You don't have permission to access this server. Reference #18.2f"}, {'url': 'https://courier.example/n/2', 'text': text(A)})}, FOR_A, rejects=['.'])

# --- web archives ------------------------------------------------------------------------------------------------

HARBOUR, LIBRARY = article("Harbour opens", A).encode(), article("Library stays open", B).encode()
HTML = "Content-Type: text/html\r\n"
case('chunks with extensions', {'a.warc': response('https://courier.example/n/1', chunked(HARBOUR, 333, b';x=y'), HTML + 'Transfer-Encoding: chunked\r\n')}, Doc(A, ['14d']))
case('chunked is said, but it is not', {'a.warc': response('https://courier.example/n/1', HARBOUR, HTML + 'Transfer-Encoding: chunked\r\n')}, FOR_A)
case('deflate with a header', {'a.warc': response('https://courier.example/n/1', zlib.compress(HARBOUR), HTML + 'Content-Encoding: deflate\r\n')}, FOR_A)
case('gzip twice', {'a.warc': response('https://courier.example/n/1', gzip.compress(gzip.compress(HARBOUR, mtime=0), mtime=0), HTML + 'Content-Encoding: gzip, gzip\r\n')}, FOR_A)
case('gzip that is cut', {'a.warc': response('https://courier.example/n/1', gzip.compress(HARBOUR, mtime=0)[:-40], HTML + 'Content-Encoding: gzip\r\n') + response('https://courier.example/n/2', LIBRARY, number=2)}, FOR_B, rejects=['cut|broken|incomplete|truncated'])
case('an encoding that nobody has', {'a.warc': response('https://courier.example/n/1', bytes(255 - byte for byte in HARBOUR), HTML + 'Content-Encoding: sdch\r\n') + response('https://courier.example/n/2', LIBRARY, number=2)}, FOR_B, rejects=['sdch'])
case('names of headers in small letters, lines ended by \\n', {'a.warc': response('https://courier.example/n/1', HARBOUR).replace(b'WARC-Type', b'warc-type').replace(b'Content-Length', b'content-length')}, FOR_A)
case('redirects and errors beside a page', {'a.warc': response('https://courier.example/n/0', b'', 'Location: /n/1\r\n', '301 Moved Permanently', 5) + response('https://courier.example/n/9', article('Not found', ['The page that you asked for is not here.']).encode(), HTML, '404 Not Found', 6) + response('https://courier.example/n/1', HARBOUR)}, FOR_A, rejects=['301', '404'])
case('pictures and styles are no articles', {'a.warc': response('https://courier.example/a.css', b'p { color: red }', 'Content-Type: text/css\r\n', number=4) + response('https://courier.example/a.png', b'\x89PNG\r\n\x1a\n' + bytes(200), 'Content-Type: image/png\r\n', number=5) + response('https://courier.example/n/1', HARBOUR)}, FOR_A)
case('WET', {'a.warc.wet.gz': gzip.compress(record('warcinfo', '', b'Software: x\r\n', 'application/warc-fields', 3) + record('conversion', 'https://courier.example/n/1', ('Harbour opens\nHome\nWorld\nSport\n' + text(A, '\n') + '© 2024 The Coast Courier. All rights reserved.\n').encode(), 'text/plain'), mtime=0)}, Doc(A, ['All rights reserved'], url='https://courier.example/n/1'))
case('each record in a gzip of its own, the last one cut', {'a.warc.gz': gzip.compress(response('https://courier.example/n/1', HARBOUR), mtime=0) + gzip.compress(response('https://courier.example/n/2', LIBRARY, number=2), mtime=0)[:-30]}, FOR_A, rejects=['cut|broken|incomplete|truncated'])
case('a gzip named .warc', {'a.warc': gzip.compress(response('https://courier.example/n/1', HARBOUR), mtime=0)}, FOR_A)
case('an ARC file', {'a.arc': b'filedesc://a.arc 0.0.0.0 20060101000000 text/plain 77\n1 0 X\nURL IP-address Archive-date Content-type Archive-length\n\nhttps://courier.example/n/1 1.2.3.4 20060102000000 text/html %d\nHTTP/1.1 200 OK\n\n%s\n' % (len(HARBOUR) + 17, HARBOUR)}, FOR_A, or_told=True)
case('a WACZ, whose lists name what it holds', {'a.wacz': zipped(archive__a_DOT_warc=response('https://courier.example/n/1', HARBOUR), pages__pages_DOT_jsonl='{"format": "json-pages-1.0"}\n{"url": "https://courier.example/n/1", "text": "A list of pages is no article, whatever it says of them."}\n', datapackage_DOT_json='{}')}, FOR_A)
case('a page that Safari saved', {'a.webarchive': safari(WebResourceData=HARBOUR, WebResourceURL='https://courier.example/n/1'), 'b.webarchive': safari(WebResourceData='no page'), 'c.webarchive': b'bplist00', 'd.webarchive': safari(WebResourceData=LIBRARY, WebResourceURL='https://[courier/n/2')}, Doc(A, url='https://courier.example/n/1'), Doc(B, url=''), rejects=['a saved page without a page', 'no sound saved page'])
case('an MHTML page whose address is none', {'a.mhtml': b'Snapshot-Content-Location: https://[courier/n/1\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="B"\r\n\r\n--B\r\nContent-Type: text/html\r\n\r\n' + HARBOUR + b'\r\n--B--\r\n'}, Doc(A, url=''))
case('an MHTML page', {'a.mhtml': 'From: <Saved by Blink>\r\nSnapshot-Content-Location: https://courier.example/n/1\r\nSubject: Harbour opens\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----B"\r\n\r\n------B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://courier.example/n/1\r\n\r\n' + base64.encodebytes(HARBOUR).decode() + '\r\n------B--\r\n'}, FOR_A, or_told=True)

# --- feeds and markup of agencies --------------------------------------------------------------------------------

ITEM = '<item><title>{}</title><link>{}</link><pubDate>{}</pubDate><dc:creator>{}</dc:creator><description>{}</description><content:encoded><![CDATA[{}]]></content:encoded></item>'
RSS = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Coast Courier</title><link>https://courier.example</link>{}</channel></rss>'
FULL = ITEM.format('Harbour opens', 'https://courier.example/n/h', 'Thu, 14 Mar 2024 08:12:00 +0200', 'Anna Reed', 'Short.', tags(A)) + ITEM.format('Library stays open', 'https://courier.example/n/l', 'Fri, 15 Mar 2024 08:12:00 +0200', 'Tom Vane', 'Short.', tags(B))
case('RSS with whole texts, .xml', {'feed.xml': RSS.format(FULL)}, Doc(A, ['Short.'], 'Harbour opens', '2024-03-14', 'Anna Reed', 'Coast Courier', 'https://courier.example/n/h'), Doc(B, title='Library stays open', day='2024-03-15'))
case('RSS with summaries only, .rss', {'feed.rss': RSS.format('<item><title>Harbour opens</title><link>https://courier.example/n/h</link><description>Two barges were raised.</description></item>')}, rejects=[TO_DO])
case('Atom, .atom', {'feed.atom': '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Coast Courier</title><entry><title>Harbour opens</title><link href="https://courier.example/n/h"/><id>tag:1</id><updated>2024-03-14T08:12:00Z</updated><author><name>Anna Reed</name></author><content type="html">' + tags(A).replace('<', '&lt;') + '</content></entry></feed>'}, Doc(A, title='Harbour opens', day='2024-03-14'), or_told=True)
case('a sitemap', {'sitemap.xml': '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://courier.example/n/h</loc></url></urlset>'}, rejects=[TO_DO])
case('NITF', {'n.xml': '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-5.dtd"><nitf><head><title>Harbour</title><docdata><date.issue norm="20240314T081200Z"/></docdata></head><body><body.head><hedline><hl1>Harbour opens</hl1></hedline><byline>By <person>Anna Reed</person></byline></body.head><body.content><block class="full_text">' + tags(A) + '</block></body.content></body></nitf>'}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed'), or_told=True)
case('NewsML-G2', {'n.xml': '<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:courier:1" xml:lang="en"><itemMeta><versionCreated>2024-03-14T08:12:00Z</versionCreated></itemMeta><contentMeta><headline>Harbour opens</headline><by>Anna Reed</by></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>' + tags(A) + '</body></html></inlineXML></contentSet></newsItem>'}, Doc(A, title='Harbour opens', day='2024-03-14'), or_told=True)
case('WordPress, its export', {'wp.xml': RSS.format(FULL).replace('<channel>', '<channel><wp:wxr_version xmlns:wp="http://wordpress.org/export/1.2/">1.2</wp:wxr_version>')}, FOR_A, FOR_B, or_told=True)
case('feeds of a section, and of what others wrote', {'a.xml': RSS.format(ITEM.format('Harbour opens', 'https://courier.example/n/h', 'Thu, 14 Mar 2024', 'Anna Reed', '', tags(A)) + '<item><title>Trains stop</title><source url="https://gazette.example">Leeds Gazette</source><description>' + tags(C).replace('<', '&lt;') * 3 + '</description></item>').replace('Coast Courier', 'Courier > World'), 'b.xml': RSS.format(ITEM.format('Library stays open', 'https://courier.example/n/l', 'Fri, 15 Mar 2024', 'Tom Vane', '', tags(B))).replace('Coast Courier', 'Latest News')}, Doc(A, outlet=''), Doc(B, outlet=''), Doc(C, outlet='Leeds Gazette'))
POST = ITEM.replace('</item>', '<wp:post_type>{}</wp:post_type><wp:status>{}</wp:status></item>')
EXPORT = '<wp:author><wp:author_login><![CDATA[areed]]></wp:author_login><wp:author_display_name><![CDATA[Anna Reed]]></wp:author_display_name></wp:author>' + POST.format('Harbour opens', 'https://courier.example/n/h', 'Thu, 14 Mar 2024 08:12:00 +0000', 'areed', '', tags(A), 'post', 'publish') + POST.format('Library stays open', 'https://courier.example/?p=2', '', 'areed', '', tags(B), 'post', 'draft') + POST.format('About us', 'https://courier.example/about', '', 'areed', '', tags(C), 'page', 'publish') + POST.format('harbour.jpg', 'https://courier.example/harbour', '', 'areed', '', '', 'attachment', 'inherit')
case('WordPress, all that it exports', {'wp.xml': RSS.format(EXPORT).replace('<rss ', '<rss xmlns:wp="http://wordpress.org/export/1.2/" ')}, Doc(A, title='Harbour opens', author='Anna Reed', outlet='Coast Courier'), rejects=["no_article: was not published: WordPress calls it 'draft'"])
case('XML that nobody knows', {'n.xml': "<?xml version='1.0'?><stock><item sku='1'><name>Rope</name></item></stock>"}, rejects=[TO_DO])
case('TEI', {'n.xml': '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Harbour opens</title></titleStmt></fileDesc></teiHeader><text><body>' + tags(A) + '</body></text></TEI>'}, Doc(A, title='Harbour opens'), or_told=True)

# --- corpora of research, as they are handed on ------------------------------------------------------------------

RCV1 = '<?xml version="1.0" encoding="iso-8859-1" ?><newsitem itemid="2286" id="root" date="1996-08-20" xml:lang="en"><title>NORLAND: Harbour opens.</title><headline>Harbour opens.</headline><byline>Anna Reed</byline><dateline>PORT ARDEN 1996-08-20</dateline><text>' + tags(A) + '</text><copyright>(c) Reuters Limited 1996</copyright><metadata><codes class="bip:countries:1.0"><code code="MEX"></code></codes><dc element="dc.date.created" value="1996-08-20"/><dc element="dc.source" value="Reuters"/></metadata></newsitem>'
case('RCV1', {'n.xml': RCV1}, Doc(A, ['Limited 1996', 'NORLAND'], 'Harbour opens.', '1996-08-20', 'Anna Reed', 'Reuters'))


def wire(paragraphs: Sequence[str]) -> str:
    """Paragraphs as an agency sent them: broken at a margin, the first lines of all but the first set in."""
    return '\n'.join(textwrap.fill(p, 60, initial_indent='    ' if n else '') for n, p in enumerate(paragraphs))


REUTERS = '<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5544" NEWID="{}">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>cocoa</D></TOPICS>\n<PEOPLE></PEOPLE>\n<UNKNOWN> \n&#5;&#5;C T\n&#22;&#1;f0704&#31;reute\nu f BC-X   02-26 0105</UNKNOWN>\n<TEXT{}>&#2;\n<TITLE>{}</TITLE>\n{}</TEXT>\n</REUTERS>\n'
BODY = '<DATELINE>    PORT ARDEN, Feb 26 - </DATELINE><BODY>{}\n Reuter\n&#3;</BODY>'
case('Reuters-21578', {'reut2-000.sgm': '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n' + REUTERS.format(1, '', 'HARBOUR OPENS, A & B &lt;ABX> SAY', BODY.format(wire(A))) + REUTERS.format(2, ' TYPE="BRIEF"', 'ROPE PRICES STEADY', '') + REUTERS.format(3, '', 'LIBRARY STAYS OPEN', BODY.format(wire(B)))}, Doc(A, ['f0704'], 'HARBOUR OPENS, A & B <ABX> SAY', '1987-02-26', outlet='Reuters'), Doc(B, title='LIBRARY STAYS OPEN', day='1987-02-26'), rejects=['no_text.*look it up'])
LDC = '<DOC id="NYT_ENG_{0}.0001" type="story" >\n<HEADLINE>\n{1}\n</HEADLINE>\n<DATELINE>\nPORT ARDEN\n</DATELINE>\n<TEXT>\n{2}</TEXT>\n</DOC>\n'
case('Gigaword', {'nyt_eng_199407.sgml': LDC.format('19940701', 'Harbour\nopens', tags(A)) + LDC.format('19940702', 'Library stays open', tags(B))}, Doc(A, title='Harbour opens', day='1994-07-01', outlet='The New York Times'), Doc(B, title='Library stays open', day='1994-07-02'))
TREC = '<DOC>\n<DOCNO> AP880212-000{} </DOCNO>\n<FILEID>AP-NR-02-12-88 2344EST</FILEID>\n<HEAD>{}</HEAD>\n<BYLINE>By ANNA REED</BYLINE>\n<BYLINE>Associated Press Writer</BYLINE>\n<TEXT>\n{}\n</TEXT>\n</DOC>\n'
case('TREC', {'ap880212.sgml': TREC.format(1, 'Harbour opens', '\n'.join('   ' + p for p in A)) + TREC.format(2, 'Library stays open', '<P>' + '\n<P>'.join(B))}, Doc(A, ['Writer'], 'Harbour opens', '1988-02-12', 'ANNA REED'), Doc(B, title='Library stays open'))
case('SGML with an article left open', {'a.sgml': TREC.format(1, 'Harbour opens', ' '.join(A)).replace('</TEXT>\n</DOC>', '') + TREC.format(2, 'Library stays open', ' '.join(B))}, rejects=['2 articles begin.*1 w.*correct'])
case('SGML named .txt', {'a.txt': TREC.format(1, 'Harbour opens', ' '.join(A)) + TREC.format(2, 'Library stays open', ' '.join(B))}, Doc([' '.join(A)], title='Harbour opens'), Doc([' '.join(B)], title='Library stays open'))
case('NITF of a newspaper of record', {'1.xml': '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf-3-3.dtd"><nitf><head><title>Harbour</title><docdata><doc-id id-string="1815718"/></docdata><pubdata date.publication="20070101T000000" ex-ref="https://courier.example/n/h" name="Coast Courier"/></head><body><body.head><hedline><hl1>Harbour opens</hl1></hedline><byline class="print_byline">By ANNA REED</byline><byline class="normalized_byline">Reed, Anna</byline></body.head><body.content><block class="lead_paragraph">' + tags(['LEAD: ' + A[0]]) + '</block><block class="full_text">' + tags(A) + '</block></body.content></body></nitf>'}, Doc(A, ['LEAD:'], 'Harbour opens', '2007-01-01', 'Anna Reed', 'Coast Courier', 'https://courier.example/n/h'))
case('NewsML with an article in NITF', {'n.xml': '<?xml version="1.0"?><NewsML><NewsItem><NewsManagement><FirstCreated>20240314T081200Z</FirstCreated></NewsManagement><NewsComponent><NewsLines><HeadLine>Harbour opens</HeadLine><ByLine>By Anna Reed</ByLine></NewsLines><ContentItem><DataContent><nitf><body><body.content>' + tags(A) + '</body.content></body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>'}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed'))
case('ProQuest TDM Studio', {'1.xml': '<?xml version="1.0" encoding="UTF-8"?><RECORD><GOID>2158443215</GOID><DFS><PubFrosting><Title>Coast Courier; Port Arden</Title></PubFrosting></DFS><Obj><SourceType>Newspapers</SourceType><TitleAtt><Title>Harbour opens</Title></TitleAtt><NumericDate>2019-01-02</NumericDate><Contributors><Contributor Role="Author"><LastName>Reed</LastName><OriginalForm>Reed, Anna</OriginalForm></Contributor><Contributor Role="Author"><OriginalForm>Vane, Tom</OriginalForm></Contributor></Contributors></Obj><TextInfo><Text HTMLContent="true">' + ('<html><body>' + tags(A) + '</body></html>').replace('<', '&lt;') + '</Text></TextInfo></RECORD>'}, Doc(A, title='Harbour opens', day='2019-01-02', author='Anna Reed; Tom Vane', outlet='Coast Courier'))
case('XML of trafilatura', {'1.xml': '<doc sitename="Coast Courier" title="Harbour opens" author="Anna Reed" date="2024-03-14" source="https://courier.example/n/h"><main>' + tags(A) + '</main><comments/></doc>'}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed', outlet='Coast Courier', url='https://courier.example/n/h'))
case('a story with the sentences of its summary', {'1.story': text(A) + '\n\n@highlight\n\nBarges were raised\n\n@highlight\n\nShips wait\n'}, Doc(A, ['highlight', 'Barges were raised', 'Ships wait']))
case('several articles in a record, with their summary', {'m.jsonl': json.dumps({'document': text(A) + ' ||||| ' + text(B), 'summary': '– Of harbours and libraries.'})}, rejects=['several_articles.*give each'])
case('a document beside its summary', {'m.jsonl': json.dumps({'document': text(A), 'summary': '– Of harbours.'})}, Doc(A, ['Of harbours']))
case('a record of a crawler that names the site in a thread', {'m.json': json.dumps({'thread': {'site_full': 'www.courier.example', 'site': 'courier.example', 'title': 'Harbour opens', 'country': 'DE'}, 'uuid': 'u1', 'author': 'Anna Reed', 'published': '2024-03-14T10:00:00.000+02:00', 'title': 'Harbour opens', 'text': text(A)})}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed', outlet='courier.example'))

# --- letters, packed files and formats that are none of ours -----------------------------------------------------

LETTER = EmailMessage()
LETTER["Subject"], LETTER["From"], LETTER["To"], LETTER["Date"] = (
    "Harbour opens",
    "Anna Reed <anna@courier.example>",
    "list@courier.example",
    "Thu, 14 Mar 2024 08:12:00 +0200",
)
LETTER.set_content(text(A))
LETTER.add_alternative("<html><body>" + tags(A) + "<p>Unsubscribe from this list</p></body></html>", subtype="html")
case('a letter in two forms', {'l.eml': LETTER.as_bytes()}, Doc(A, ['Unsubscribe'], 'Harbour opens', '2024-03-14'))
QUOTED = EmailMessage()
QUOTED["Subject"], QUOTED["From"], QUOTED["Date"] = (
    "=?utf-8?B?" + base64.b64encode("Хафън: Harbour opens".encode()).decode() + "?=",
    "courier@courier.example",
    "14 Mar 2024 08:12 GMT",
)
QUOTED.set_content(text(A), cte="quoted-printable")
case('a letter with a subject in base64', {'l.eml': QUOTED.as_bytes()}, Doc(A, title='Хафън: Harbour opens', day='2024-03-14'))
case('a box of letters', {'l.mbox': b'From anna Thu Mar 14 08:12:00 2024\n' + LETTER.as_bytes() + b'\nFrom tom Fri Mar 15 08:12:00 2024\nSubject: Library\nFrom: Tom Vane <t@courier.example>\nDate: Fri, 15 Mar 2024 09:00:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n' + text(B).encode() + b'\n'}, FOR_A, FOR_B, or_told=True)
case('a .zip of articles', {'a.zip': zipped(a_DOT_txt=text(A), sub__b_DOT_txt=text(B))}, FOR_A, FOR_B)
case('a .tar.gz of articles', {'a.tar.gz': tarred('w:gz', a_DOT_txt=text(A))}, FOR_A)
case('a .tgz and a .7z and a .rar', {'a.tgz': tarred('w:gz', a_DOT_txt=text(A)), 'b.7z': b"7z\xbc\xaf'\x1c" + bytes(30), 'c.rar': b'Rar!\x1a\x07\x00' + bytes(30)}, FOR_A, rejects=['unpack|extract'] * 2)
case('a text in .txt.gz', {'a.txt.gz': gzip.compress(text(A).encode(), mtime=0)}, FOR_A, or_told=True)
case('a page in .html.gz', {'a.html.gz': gzip.compress(HARBOUR, mtime=0)}, FOR_A, or_told=True)
case('a piece of a page in a text file', {'a.txt': '<h1>Harbour opens</h1>' + tags(A), 'b.txt': '<!-- wp:paragraph -->\n<p class="first">' + tags(B)[3:]}, Doc(A, ['<', 'h1'], 'Harbour opens'), Doc(B, ['<', 'wp:']))
case('a text with line breaks of pages', {'a.txt': 'Harbour opens<br><br>\n' + '<br />\n'.join(A)}, Doc(A, ['<br', 'br>']))
case('a text with marks as pages write them', {'a.txt': text(A).replace('“', '&ldquo;').replace('”', '&#8221;')}, FOR_A)
case('a text that tells of a line break', {'a.txt': 'Authors wrote <br> in 1996.\n\n' + text(A)}, Doc(['wrote <br> in 1996', *A]))
case('Markdown that begins with a mark of pages', {'a.md': '<p align="center">Coast Courier</p>\n\nHarbour opens\n\n' + text(A)}, Doc([text(A[:3])]))
case('a gzip named .html', {'a.html': gzip.compress(HARBOUR, mtime=0)}, FOR_A, or_told=True)
case('lines in .jsonl.bz2', {'a.jsonl.bz2': bz2.compress(lines({'text': text(A)}, {'text': text(B)}).encode())}, FOR_A, FOR_B)
case('a table in .csv.zst', {'a.csv.zst': bytes(pa.compress(f'id,text\nx,"{text(A)}"\n'.encode(), 'zstd', asbytes=True))}, FOR_A)
case('lines in .jsonl.xz', {'a.jsonl.xz': lzma.compress(lines({'text': text(A)}, {'text': text(B)}).encode())}, FOR_A, FOR_B)
case('lines in .jsonl.lz4, and a broken .xz', {'b.jsonl.lz4': b'\x04"M\x18' + bytes(20), 'c.jsonl.xz': b'\xfd7zXZ\x00' + bytes(20)}, rejects=['unpack', 'the xz file cannot be read on'])
case('a list of texts in JSON', {'a.json': json.dumps([text(A), text(B)])}, FOR_A, FOR_B)
case('a text a line in JSON', {'a.jsonl': json.dumps(text(A)) + '\n' + json.dumps(text(B)) + '\n'}, FOR_A, FOR_B)
case('a list of numbers in JSON', {'a.json': '[1, 2]', 'b.json': '["Harbour", '}, rejects=['holds no JSON object'] * 2)
case('texts by their addresses', {'a.json': json.dumps({'https://courier.example/n/1': text(A), 'https://courier.example/n/2': text(B)})}, Doc(A, url='https://courier.example/n/1'), FOR_B)
case('texts by the names of their files', {'a.json': json.dumps({'march 1.txt': text(A), 'march 2.TXT': text(B)})}, FOR_A, FOR_B)
case('a text by a name that says nothing', {'a.json': json.dumps({'https://courier.example/n/1': text(A), 'b': text(B)})}, rejects=['has no text among'])
case('the first paragraph in place of a text', {'a.json': json.dumps({'response': {'docs': [{'abstract': 'The harbour.', 'lead_paragraph': text(A), 'headline': {'main': {'text': 'Harbour opens'}}, 'byline': {'text': 'By Anna Reed'}}]}})}, Doc(A, title='Harbour opens', author='Anna Reed'))
case('a canonical address beside that of the site', {'a.json': json.dumps([{'article_text': text(A), 'source_url': 'https://courier.example', 'canonical_link': 'https://courier.example/n/1'}])}, Doc(A, url='https://courier.example/n/1'))
case('Markdown with front matter', {'a.md': '---\ntitle: Harbour opens\ndate: 2024-03-14\nauthor: Anna Reed\n---\n\n# Harbour opens\n\n' + text(A)}, Doc(A, ['author:'], 'Harbour opens', '2024-03-14', 'Anna Reed'), or_told=True)
case('a book', {'a.epub': zipped(mimetype='application/epub+zip', OEBPS__c1_DOT_xhtml=HARBOUR)}, rejects=[TO_DO])
case('an old Word document', {'a.doc': b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(2000)}, rejects=['docx'])
case('a spreadsheet and a presentation', {'a.xlsx': zipped(xl__workbook_DOT_xml='<w/>'), 'b.xls': b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(900), 'c.pptx': zipped(ppt__a_DOT_xml='<p/>')}, rejects=['csv', 'csv', TO_DO])
case('a page named .doc', {'a.doc': '<html><body><h1>Harbour opens</h1>' + tags(A) + '</body></html>'}, FOR_A, or_told=True)
case('RTF named .doc', {'a.doc': '{\\rtf1\\ansi\\ansicpg1252 ' + '\\par '.join(p.replace('“', "\\'93").replace('”', "\\'94") for p in A) + '}'}, FOR_A, or_told=True)
case('a Word document named .doc', {'a.doc': zipped(word__document_DOT_xml='<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>' + ''.join(f'<w:p><w:r><w:t>{p}</w:t></w:r></w:p>' for p in A) + '</w:body></w:document>')}, FOR_A, or_told=True)
case('a PDF without text', {'a.pdf': b'%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj 3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'}, rejects=['OCR|text layer|scan|broken|unreadable'])
case('a file of no bytes', {'a.txt': b'', 'b.html': b'', 'c.jsonl': b'', 'd.csv': b'', 'e.warc': b'', 'f.docx': b'', 'g.parquet': b''}, rejects=['.'] * 7)
case('no extension', {'article': text(A), 'README': 'Files of March.\n'}, rejects=[TO_DO, TO_DO])
case('pages as a crawler stored them', {'courier.example/n/1': HARBOUR, 'courier.example/story.php?id=3': LIBRARY, 'courier.example/news.aspx': article('Trains stop', C), 'courier.example/n/style.css?v=2': 'p { color: red }', 'courier.example/half.part': LIBRARY}, FOR_A, FOR_B, Doc(C), rejects=['file type .css', 'download it to its end'])
case('names with spaces, marks and breaks', {'Käse & Brot/Ünï 📰 (1).txt': text(A), 'new\nline.txt': text(B), '-rf.TXT': text(C)}, FOR_A, FOR_B, FOR_C)
case('names that differ in case alone', {'News/a.txt': text(A), 'news/a.txt': text(B), 'news/A.TXT': text(C)}, FOR_A, FOR_B, FOR_C)
case('what machines leave', {'Thumbs.db': b'\xd0\xcf\x11\xe0' + bytes(40), 'desktop.ini': '[.ShellClassInfo]\r\n', '__MACOSX/._a.txt': b'\x00\x05\x16\x07' + bytes(40), '~$a.docx': bytes(160), 'a.txt': text(A)}, FOR_A, rejects=['no_article: left by'] * 3)
case('pages that browsers stored', {'Harbour opens.html': HARBOUR, 'Harbour opens_files/a.css': 'p {}', 'Harbour opens_files/img/b.png': b'\x89PNG', 'Harbour opens_files/saved_resource.html': page('', '<p>Advertisement</p>'), 'Harbour opens_files/notes.txt': text(C), 'b.htm': article('Library stays open', B), 'b-Dateien/c.js': 'var a', 'files/d_files/e.css': 'p {}'}, FOR_A, FOR_B, FOR_C, rejects=['no_article: stored by a browser with Harbour opens.html'] * 3 + ['no_article: stored by a browser with b.htm', 'unknown_format'])
case('one line of many megabytes', {'a.txt': 'word ' * 900000}, rejects=['.'])

# --- letters of the alphabet -------------------------------------------------------------------------------------

RUSSIAN = (
    "Порт Варны открыли во вторник. Инженеры подняли две баржи, которые лежали в канале. Суда, которые ждали у мола, вошли к полудню. " * 4
)
case('UTF-16 without a mark', {'a.txt': text(A).encode('utf-16-le')}, FOR_A)
case('UTF-32', {'a.txt': text(A).encode('utf-32')}, FOR_A, or_told=True)
case('cp1251 that says windows-1252', {'a.html': article('Порт', [RUSSIAN], charset='windows-1252').encode('cp1251', 'replace')}, rejects=["other_language.*'(ru|bg)'"])
case('KOI8-R in a text', {'a.txt': RUSSIAN.encode('koi8-r')}, rejects=['other_language'])
case('UTF-8 read as Latin-1 and written again', {'a.txt': text(A).encode().decode('cp1252', 'replace').encode()}, Doc([A[0], 'said Irina Koleva'], ['â€']))
case('Mac Roman', {'a.txt': (text(A) + 'The café of the Señora stayed shut, and so did Zoë’s.\n').encode('mac-roman')}, Doc([A[0], 'café', 'Señora', '“We worked']))
case('marks of order in the middle', {'a.txt': text(A).replace('The', '\u202aThe\u202c').replace('harbour', 'har\xadbour')}, Doc(A))
case('typographic ligatures and wide spaces', {'a.txt': text(['The ofﬁce of the harbour’s ﬂeet\u2003opened on\xa0Tuesday, its head said.', *A])}, Doc(A))
case('lines of 60 characters', {'a.txt': '\n\n'.join(textwrap.fill(p, 60) for p in A) + '\n'}, FOR_A)
case('page breaks and numbers of pages', {'a.txt': A[0] + '\n\n' + A[1] + '\n\n\x0cPage 2 of 3\n\n' + A[2] + '\n'}, Doc(A, ['Page 2 of 3']))

# --- pages -------------------------------------------------------------------------------------------------------

SITE = '<meta property="og:site_name" content="Coast Courier">'
case('text in JSON-LD only', {'a.html': page('Harbour opens', '<div id="root"></div>', ld(headline='Harbour opens', articleBody=text(A), datePublished='2024-03-14T23:30:00-05:00', author={'@type': 'Person', 'name': 'Anna Reed'}))}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed'))
case('JSON-LD in a graph, with references', {'a.html': article('Harbour opens', A, head='<script type="application/ld+json">' + json.dumps({'@graph': [{'@type': 'Person', '@id': '#p', 'name': 'Anna Reed'}, {'@type': ['Article', 'NewsArticle'], 'headline': 'Harbour opens', 'author': {'@id': '#p'}, 'datePublished': '2024-03-14'}, {'@type': 'WebSite', 'name': 'Coast Courier'}]}) + '</script>')}, Doc(A, title='Harbour opens', day='2024-03-14', author='Anna Reed'))
case('JSON-LD in a comment, with a comma too many', {'a.html': article('Harbour opens', A, head='<script type="application/ld+json">//<![CDATA[\n{"@type": "NewsArticle", "datePublished": "2024-03-14", "author": [{"name": "Anna Reed"},],}\n//]]></script>')}, Doc(A, day='2024-03-14', author='Anna Reed'))
case('a stub before a paywall', {'a.html': page('Harbour opens', f"<article><h1>Harbour opens</h1><p>{A[0]}</p><p>{A[1]}</p></article><div class='paywall'><h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in</p><p>Get unlimited access from €2 a week.</p></div>")}, Doc(A[:2], ['Subscribe to continue', 'Already a subscriber', 'unlimited access']))
case('a wall of cookies only', {'a.html': page('Before you continue', "<div class='consent'><h1>We value your privacy</h1><p>We and our 812 partners store and access information on a device, such as cookies, and process personal data.</p><p>You can accept or manage your choices at any time.</p><button>Accept all</button></div>")}, rejects=['.'])
case('cookies in front of an article', {'a.html': page('Harbour opens', "<div class='cookie-banner'><p>We use cookies to make our site better. By going on you agree to our use of cookies.</p><button>Accept all</button></div><article><h1>Harbour opens</h1>" + tags(A) + '</article>')}, Doc(A, ['We use cookies']))
case('a robot check', {'a.html': page('Just a moment...', '<h1>Checking your browser before accessing courier.example.</h1><p>This process is automatic. Your browser will redirect to your requested content shortly.</p><p>Please allow up to 5 seconds…</p>')}, rejects=['.'])
case('not found, with a status of 200', {'a.html': page('Page not found', '<h1>404</h1><p>Sorry, the page you are looking for could not be found. It may have been moved or deleted.</p>')}, rejects=['.'])
case('a page that lists articles', {'a.html': page('World news', '<h1>World</h1>' + ''.join(f'<div class="teaser"><h3><a href="/n/{n}">Title of the piece number {n}</a></h3><p>A short word of what it says.</p></div>' for n in range(25)))}, rejects=['.'])
case('a gallery', {'a.html': page('Harbour in pictures', '<article><h1>The harbour in pictures</h1><p>' + A[0] + '</p>' + ''.join((f"<figure><img src='{n}.jpg'><figcaption>{p} Photo: Tom Vane</figcaption></figure>" for n, p in enumerate((A[1], A[2])))) + '</article>')}, Doc([A[0]]))
case('a newsletter', {'a.html': page('Morning Courier', f'<article><h1>Morning Courier: harbour, library, trains</h1><p>Good morning. It is Thursday.</p><h2>The harbour is open</h2>{tags(A)}<h2>The library stays open</h2>{tags(B)}<p>Was this email forwarded to you? Sign up here.</p><p>Unsubscribe | Manage your preferences</p></article>')}, Doc([*A, *B, 'The harbour is open'], ['forwarded to you', 'Unsubscribe']))
case('a live blog', {'a.html': page('Live: strike in Leeds', '<article><h1>Live: strike in Leeds</h1>' + ''.join((f'<div class="liveblog-post"><time datetime="2024-03-14T{9 + n:02}:05:00Z">{9 + n:02}:05 GMT</time><h2>Update {n}</h2><p>{p}</p><p>Share</p></div>' for n, p in enumerate([*C, *B]))) + '</article>')}, Doc([*C, *B], title='Live: strike in Leeds', day='2024-03-14'))
case('AMP beside the full page', {'a.html': article('Harbour opens', A, head='<link rel="amphtml" href="https://courier.example/amp/n/h"><link rel="canonical" href="https://courier.example/n/h">'), 'amp.html': article('Harbour opens', A[:2], head='<link rel="canonical" href="https://courier.example/n/h">').replace('<html ', '<html amp ')}, Doc(A, url='https://courier.example/n/h'), Doc(A[:2], [A[2]], url='https://courier.example/n/h'))
case('a canonical address without a host', {'a.html': article('Harbour opens', A, head='<link rel="canonical" href="/n/h"><meta property="og:url" content="https://courier.example/n/h">')}, Doc(A, url='https://courier.example/n/h'))
case('canonical to the front page', {'a.html': article('Harbour opens', A, head='<link rel="canonical" href="https://courier.example/">'), 'b.html': article('Library stays open', B, head='<link rel="canonical" href="https://courier.example/">')}, FOR_A, FOR_B)
case('a print page', {'a.html': page('Print: Harbour opens', f'<p>Close window | Print this page</p><p>Coast Courier</p><h1>Harbour opens</h1><p>By Anna Reed</p><p>14 March 2024</p>{tags(A)}<p>Find this article at: https://courier.example/n/h</p>')}, Doc(A, ['Print this page', 'Find this article at'], author='Anna Reed', day='2024-03-14'))
case('tables for layout', {'a.html': '<html><head><title>Coast Courier - Harbour opens</title></head><body><table width=100%><tr><td><font size=1>Home<br>World<br>Sport</font></td><td><b>Harbour opens</b><br>By Anna Reed<br><br>' + '<br><br>'.join(A) + '</td></tr></table></body></html>'}, Doc(A, title='Harbour opens', author='Anna Reed'))
case('paragraphs as divs with spans', {'a.html': page('Harbour opens', "<div class='story'><h1>Harbour opens</h1>" + ''.join(f'<div><span>{p[:40]}</span><span>{p[40:]}</span></div>' for p in A) + '</div>')}, Doc(A))
case('a read-more that folds the rest', {'a.html': page('Harbour opens', f"<article><h1>Harbour opens</h1><p>{A[0]}</p><p>{A[1]}</p><button>Read more</button><div class='collapsed' style='display:none'><p>{A[2]}</p></div></article>")}, Doc(A, ['Read more']))
case('related pieces in the midst', {'a.html': page('Harbour opens', f"<article><h1>Harbour opens</h1><p>{A[0]}</p><aside class='related'><h4>Related</h4><ul><li><a href='/n/2'>Library stays open</a></li><li><a href='/n/3'>Trains stand still in Leeds</a></li></ul></aside><p>{A[1]}</p><p>READ ALSO: <a href='/n/4'>Ten things to do in Varna</a></p><p>{A[2]}</p></article>")}, Doc(A, ['Library stays open', 'Trains stand', 'Ten things']))
case('tweets and a video in the midst', {'a.html': page('Harbour opens', f"<article><h1>Harbour opens</h1><p>{A[0]}</p><blockquote class='twitter-tweet'><p>The channel is clear. #Varna pic.twitter.com/abc</p>— Port of Varna (@portvarna) March 12, 2024</blockquote><script async src='https://platform.twitter.com/widgets.js'></script><p>{A[1]}</p><div class='video'><p>Video unavailable</p><p>Play Video</p></div><p>{A[2]}</p></article>")}, Doc(A, ['Video unavailable', 'Play Video']))
case('a correction below', {'a.html': article('Harbour opens', [*A, 'Correction: An earlier version of this article gave a wrong number of ships. It was fourteen, not forty.'])}, Doc(A))
case('comments of readers below', {'a.html': page('Harbour opens', f"<article><h1>Harbour opens</h1>{tags(A)}</article><section id='comments'><h3>3 Comments</h3><div class='comment'><b>seadog44</b> <span>2 days ago</span><p>About time, the port was shut for weeks and nobody cared at all.</p><a>Reply</a></div><div class='comment'><b>Mira</b> <span>1 day ago</span><p>I agree with every word you say here, seadog.</p><a>Reply</a></div></section>")}, Doc(A, ['About time', 'I agree with']))
case('two articles on one page', {'a.html': page('Harbour opens', f"<article><h1>Harbour opens</h1>{tags(A)}</article><div class='next-article'><article><h1>Library stays open</h1>{tags(B)}</article></div>", '<link rel="canonical" href="https://courier.example/n/h">')}, Doc(A, [B[0]], title='Harbour opens'))
case('a headline with a kicker and the site', {'a.html': article('Harbour opens', A, head=SITE + '<meta property="og:title" content="BREAKING: Harbour opens | World | Coast Courier">')}, Doc(A, title='Harbour opens'))

BYLINES = {
    "By Anna Reed, Foreign Correspondent, in Varna": "Anna Reed",
    "Words: Anna Reed | Pictures: Tom Vane": "Anna Reed",
    "ANNA REED and TOM VANE": "ANNA REED; TOM VANE",
    "Anna Reed · 14 March 2024 · 4 min read": "Anna Reed",
    "Written by: Dr. Anna Reed": "Dr. Anna Reed",
    "By Anna Reed For The Coast Courier": "Anna Reed",
    "By Anna Reed, Tom Vane & Li Na": "Anna Reed; Tom Vane; Li Na",
    "Anna van der Reed, Staff Writer": "Anna van der Reed",
    "By Anna Reed anna.reed@courier.example @annareed": "Anna Reed",
    "Updated 14 March by Anna Reed": "Anna Reed",
    "Par Anna Reed": "Anna Reed",
    "By STAFF REPORTER": "",
    "Coast Courier Newsroom": "",
}
for said, name in BYLINES.items():
    case(f"byline {said}", {"a.html": article("Harbour opens", A, f'<div class="byline">{said}</div>', SITE)}, Doc(A, author=name))

DAYS = {
    "<time>Thursday 14th March, 2024, 08:12 BST</time>": "2024-03-14",
    '<span class="date">Published: 8:12 PM, Mar. 14, 2024</span>': "2024-03-14",
    '<p class="date">14.3.2024 klo 8.12</p>': "2024-03-14",
    '<span class="posted-on">2024年3月14日</span>': "2024-03-14",
    '<span class="date">14 mars 2024 à 08h12</span>': "2024-03-14",
    '<span class="date">14 марта 2024, 08:12</span>': "2024-03-14",
    '<span class="date">14. März 2024</span>': "2024-03-14",
    '<span class="date">Updated: 16 March 2024 | Published: 14 March 2024</span>': "2024-03-14",
    '<span class="date">03/04/2024</span>': "",
    '<time datetime="1710403920000">a while ago</time>': "2024-03-14",
    '<span class="date">Last login: 14 March 2025</span><time datetime="2024-03-14">14 Mar</time>': "2024-03-14",
}
for said, day in DAYS.items():
    case(f"day {said}", {"a.html": article("Harbour opens", A, said)}, Doc(A, day=day))

RECORD_DAYS = ['14-Mar-24', 'Thu Mar 14 08:12:00 +0000 2024', '20240314081200', '2024-03-14T08:12:00.000000+02:00', '1710403920', '14 de marzo de 2024', 'March 14th, 2024 (Thursday)', '/Date(1710403920000)/', '2024/3/14 8:12', '14 марта 2024 г.']
for said in RECORD_DAYS:
    case(f"day of a record {said}", {"a.jsonl": lines({"id": "a-1", "date": said, "text": text(A)})}, Doc(A, day="2024-03-14"))

# --- exports of archives of newspapers ---------------------------------------------------------------------------

NEXIS = '1 of 2 DOCUMENTS\n\n\n                              The Coast Courier (Varna)\n\n                          March 14, 2024 Thursday\n                              First Edition\n\nHarbour opens at last\n\nBYLINE: Anna Reed\n\nSECTION: NEWS; Pg. 4\n\nLENGTH: 61 words\n\n\n' + text(A) + '\nLOAD-DATE: March 15, 2024\n\nLANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n\n               Copyright 2024 Coast Courier Ltd.\n                      All Rights Reserved\n\n\n2 of 2 DOCUMENTS\n\n\n                              The Leeds Messenger\n\n                          March 15, 2024 Friday\n\nTrains stand still\n\nBYLINE: By Tom Vane\n\nLENGTH: 60 words\n\n' + text(C) + '\nLOAD-DATE: March 16, 2024\n'
case('Nexis, numbered, in Windows line ends', {'n.txt': NEXIS.replace('\n', '\r\n').encode('cp1252')}, Doc(A, ['LOAD-DATE', 'All Rights'], 'Harbour opens at last', '2024-03-14', 'Anna Reed', 'The Coast Courier (Varna)'), Doc(C, ['LOAD-DATE'], 'Trains stand still', '2024-03-15', 'Tom Vane', 'The Leeds Messenger'))
NEXIS_UNI = 'Harbour opens at last\n\nThe Coast Courier\n\nMarch 14, 2024 Thursday\n\nCopyright 2024 Coast Courier Ltd. All Rights Reserved\n\nSection: NEWS; Pg. 4\nLength: 61 words\nByline: Anna Reed\nHighlight: Two barges were raised\n\nBody\n\n' + text(A) + '\nClassification\n\nLanguage: ENGLISH\n\nPublication-Type: Newspaper\n\nSubject: PORTS (90%)\n\nLoad-Date: March 15, 2024\n\nEnd of Document\n'
case('Nexis Uni, copied into a text', {'n.txt': NEXIS_UNI}, Doc(A, ['PORTS (90%)', 'End of Document'], 'Harbour opens at last', '2024-03-14', 'Anna Reed', 'The Coast Courier'))
case('Nexis Uni, two in a text', {'n.txt': 'Page 1 of 4\n' + NEXIS_UNI + '\nPage 2 of 4\n' + NEXIS_UNI.replace('Harbour opens at last', 'Trains stand still').replace(text(A), text(C)).replace('March 14', 'March 16')}, Doc(A, title='Harbour opens at last', day='2024-03-14'), Doc(C, title='Trains stand still', day='2024-03-16'))
FACTIVA = 'HD        Harbour opens at last\nBY        By Anna Reed\nWC        61 words\nPD        14 March 2024\nSN        The Coast Courier\nSC        COASTC\nLA        English\nCY        (c) 2024 Coast Courier Ltd.\nLP        ' + A[0] + '\nTD        ' + '\n\n          '.join(A[1:]) + '\nIN        i75 : Ports\nNS        gtrans : Transport\nRE        bulg : Bulgaria\nAN        Document COASTC0020240314ek3e0000a\n'
case('Factiva, fields of a text', {'f.txt': FACTIVA}, Doc(A, ['bulg :', 'COASTC'], 'Harbour opens at last', '2024-03-14', 'Anna Reed', 'The Coast Courier'))
case('Factiva, a text without codes', {'f.txt': 'News\nHarbour opens at last\nAnna Reed \n61 words\n14 March 2024\nThe Coast Courier\nCOASTC\n4\nEnglish\n(c) 2024 Coast Courier Ltd.\n\n' + text(A) + '\nDocument COASTC0020240314ek3e0000a\n\nTrains stand still\n60 words\n15 March 2024\nThe Leeds Messenger\nLEEDSM\nEnglish\n© 2024 Leeds Messenger.\n\n' + text(C) + '\nDocument LEEDSM0020240315ek3f0000b\n'}, Doc(A, ['Document COASTC'], 'Harbour opens at last', '2024-03-14'), Doc(C, ['Document LEEDSM'], 'Trains stand still', '2024-03-15'))
PROQUEST = '____________________________________________________________\n\nReport Information from ProQuest\n\n____________________________________________________________\n\nDocument 1 of 2\n\nHarbour opens at last\n\nAuthor: Reed, Anna\n\nPublication info: Coast Courier ; Varna [Varna]. 14 Mar 2024: A.4.\n\nhttps://www.proquest.com/docview/301/se-2\n\nAbstract: None available.\n\nFull text: ' + text(A) + '\nSubject: Ports;\n\nTitle: Harbour opens at last\n\nPublication title: Coast Courier; Varna\n\nPublication date: Mar 14, 2024\n\nProQuest document ID: 301\n\n____________________________________________________________\n\nDocument 2 of 2\n\nTrains stand still\n\nAuthor: Vane, Tom; Na, Li\n\nPublication info: Leeds Messenger ; Leeds (UK). 15 Mar 2024: 1.\n\nFull text: ' + text(C) + '\nTitle: Trains stand still\n\nPublication title: Leeds Messenger\n\nPublication date: Mar 15, 2024\n\nProQuest document ID: 302\n'
case('ProQuest, two in a text', {'p.txt': PROQUEST}, Doc(A, ['Subject:', 'ProQuest document'], 'Harbour opens at last', '2024-03-14', 'Anna Reed'), Doc(C, title='Trains stand still', day='2024-03-15', author='Tom Vane; Li Na'))
case('a RIS without texts', {'p.ris': 'TY  - NEWS\nTI  - Harbour opens\nAU  - Reed, Anna\nDA  - 2024/03/14\nER  - \n'}, rejects=[TO_DO])
case('NewsBank', {'n.txt': 'Harbour opens at last\n\nMarch 14, 2024 | Coast Courier (Varna, Bulgaria)\n\nAuthor: Anna Reed | Section: News | 61 Words\n\nPage: 4\n\nOpenURL Link\n\n' + text(A) + "\nCITATION (AGLC STYLE)\n\nAnna Reed, 'Harbour opens at last', Coast Courier (online), 14 Mar 2024 ‹https://infoweb.example/x›\n\nCopyright (c) 2024 Coast Courier\n"}, Doc(A, ['OpenURL', 'AGLC'], 'Harbour opens at last', '2024-03-14', 'Anna Reed'))
case('several articles in one text, parted by lines', {'s.txt': f'Harbour opens\n\n{text(A)}\n----------\n\nLibrary stays open\n\n{text(B)}\n----------\n\nTrains stand still\n\n{text(C)}'}, FOR_A, FOR_B, FOR_C, or_told=True)
case('a text with fields in front', {'s.txt': 'Title: Harbour opens\nAuthor: Anna Reed\nDate: 14 March 2024\nSource: Coast Courier\nURL: https://courier.example/n/h\n\n' + text(A)}, Doc(A, ['Author:'], 'Harbour opens', '2024-03-14', 'Anna Reed', 'Coast Courier', 'https://courier.example/n/h'))
for suffix, other in {".jsonl": lines({"title": "Harbour", "text": text(A)}), ".xml": RSS.format(FULL), ".csv": f'title,date,text\nHarbour,2024-03-14,"{" ".join(A)}"\n'}.items():
    case(f"{suffix} named .txt", {"a.txt": other}, rejects=[f"rename it {suffix}"])

"""More inputs as people have them: several articles of newspaper archives in one file, and documents of other programs."""

from __future__ import annotations

import re
import textwrap
from email.message import EmailMessage

from tests.stages.archive_exports import docx, odt, pdf, rtf
from tests.stages.odd_inputs import Doc, case, lines, tags, text

D = [
    "Dock workers at Aktau went back to their cranes on Wednesday after the port agreed to pay for the nights of the storm.",
    "“Nobody here wanted a strike, and nobody will miss it,” said Saule Bekova, who speaks for some 900 dockers.",
    "The port said that eleven tankers were waiting outside the mole and that the last of them would be loaded by Sunday.",
]
E = [
    "A court in Karaganda has ordered a mining company to reopen two villages' road, which its lorries had closed since spring.",
    "The judge gave the company thirty days and said that a fence across a public road needed more than a manager's word.",
    "Villagers, who had walked four kilometres to the bus, brought flowers to the court and left them on the stairs.",
]
F = [
    "The observatory above Almaty will let visitors in again from May, once a burst pipe beneath its dome has been mended.",
    "Its director, Timur Alimov, said that the mirror had come to no harm and that the bill was smaller than he had feared.",
    "Schools have booked every Friday until the holidays, and a second guide will be hired for those who speak no Kazakh.",
]
G = [
    "Two hundred teachers of the lower Volga signed a letter against the new timetable on the first day of the term.",
    "The letter says that a seventh lesson leaves children no time for the bus home, and asks for the old bell.",
]
FOR_D, FOR_E, FOR_F, FOR_G = Doc(D), Doc(E), Doc(F), Doc(G)


def split(said: str) -> list[str]:
    return said.split("\n")


# a case a line
# fmt: off

# --- Nexis -------------------------------------------------------------------------------------------------------

UNI_FR = "{title}\n\nThe Caspian Courier\n\n{day}\n\nCopyright 2024 Caspian Courier Ltd Tous droits réservés\n\nSection: NEWS; Pg. 4\n\nLongueur: 61 mots\n\nByline: {author}\n\nCorps\n\n{body}\n\nClassification\n\nLangue: ENGLISH; ANGLAIS\n\nType de publication: Journal\n\nSujet: PORTS (90%); STRIKES (76%)\n\nDate de chargement: 15 mars 2024\n\nFin du document\n\n"
FRENCH = UNI_FR.format(title="Dockers return at Aktau", day="14 mars 2024 jeudi", author="Anna Reed", body="\n\n".join(D)) + UNI_FR.format(title="Court opens a road", day="1 avril 2024 lundi", author="Tom Vane and Li Na", body="\n\n".join(E))
case("Nexis Uni in French around English, Word", {"n.docx": docx(split(FRENCH.replace("\n\n", "\n")), ("Dockers return at Aktau", "Court opens a road"))}, Doc(D, ["PORTS", "Fin du document", "61 mots"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier"), Doc(E, ["chargement"], "Court opens a road", "2024-04-01", "Tom Vane; Li Na", "The Caspian Courier"))
case("Nexis Uni in French around English, RTF", {"n.rtf": rtf(FRENCH)}, Doc(D, ["PORTS", "Fin du document"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier"), Doc(E, title="Court opens a road", day="2024-04-01"))
WIRE = "Dockers return at Aktau after deal\n\nKazInform Agency (English)\n\nMarch 14, 2024 Thursday 8:12 AM GMT\n\nCopyright 2024 KazInform Provided by SyndiGate Media Inc. All Rights Reserved\n\nLength: 61 words\n\nBody\n\nAKTAU, March 14 (KazInform) -- " + "\n\n".join(D) + "\n\nLoad-Date: March 14, 2024\n\nEnd of Document\n\n"
BBC = "Kazakh observatory to reopen in May\n\nBBC Monitoring Central Asia Unit\nSupplied by BBC Worldwide Monitoring\n\nMarch 15, 2024, Friday\n\nCopyright 2024 British Broadcasting Corporation All Rights Reserved\n\nLength: 70 words\n\nBody\n\nText of report in English by Kazakh news agency\n\nAlmaty, 15 March: " + "\n\n".join(F) + "\n\nSource: Kazakh news agency, Almaty, in English 0530 gmt 15 Mar 24\n\nLoad-Date: March 15, 2024\n\nEnd of Document\n"
case("Nexis Uni, wires and monitoring without authors or sections", {"n.txt": WIRE + BBC}, Doc(D, ["SyndiGate", "Load-Date"], "Dockers return at Aktau after deal", "2024-03-14", "", "KazInform Agency (English)"), Doc(F, ["Load-Date"], "Kazakh observatory to reopen in May", "2024-03-15", ""))
STORIES = "".join(f"                         {n} of 2 STORIES\n\n              Copyright 1997 Caspian Courier Ltd.\n                      The Caspian Courier\n\n                   {day}\n\nSECTION: Home news; Pg. {n}\n\nLENGTH: 61 words\n\nHEADLINE: {title}\n\nBYLINE: By {author}\n\nBODY:\n   " + "\n\n   ".join(body) + "\n\nLANGUAGE: English\n\nLOAD-DATE: March 15, 1997\n\n" for n, day, title, author, body in ((1, "March 14, 1997, Friday", "Dockers return", "ANNA REED", D), (2, "March 15, 1997, Saturday, Late Edition", "Court opens a road", "TOM VANE in Karaganda", E)))
case("Nexis of the nineties, STORIES", {"n.txt": STORIES}, Doc(D, ["LOAD-DATE", "HEADLINE"], "Dockers return", "1997-03-14", "ANNA REED", "The Caspian Courier"), Doc(E, ["BODY:"], "Court opens a road", "1997-03-15", "TOM VANE", "The Caspian Courier"))
PAGED = "User Name: anna\nDate and Time: Friday, March 15, 2024 10:02:00 AM\nJob Number: 218001\nDocuments (2)\n1. Dockers return at Aktau\nClient/Matter: -None-\nSearch Terms: Aktau\n2. Court opens a road\nClient/Matter: -None-\nSearch Terms: Aktau\n" + "".join(f"Page {n} of 2\n{title}\n{title}\nThe Caspian Courier\n{day}\nCopyright 2024 Caspian Courier Ltd\nSection: NEWS\nLength: 61 words\nByline: {author}\nBody\n{body[0]}\nPage {n} of 2\n{title}\n" + "\n".join(body[1:]) + "\nLoad-Date: March 15, 2024\nEnd of Document\n" for n, title, day, author, body in ((1, "Dockers return at Aktau", "March 14, 2024 Thursday", "Anna Reed", D), (2, "Court opens a road", "March 12, 2024 Tuesday", "Tom Vane", E)))
case("Lexis Advance, printed to PDF and copied into a text", {"n.txt": PAGED}, Doc(D, ["Job Number", "Page 1 of 2"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier"), Doc(E, ["Search Terms"], "Court opens a road", "2024-03-12", "Tom Vane"))

# --- Factiva -----------------------------------------------------------------------------------------------------

RUSSIAN = "".join(f"{title}\n{author}{n} слов\n{day}\n08:12\nThe Caspian Courier\nCASPC\n4\nАнглийский\n(c) 2024 Caspian Courier Ltd.\n\n" + "\n\n".join(body) + f"\n\nДокумент CASPC00020240314ek3e0000{n}\n\n" for n, title, author, day, body in ((1, "Dockers return at Aktau", "Anna Reed\n", "14 марта 2024", D), (2, "Court opens a road", "", "1 апреля 2024", E), (3, "Observatory to open in May", "Tom Vane, Li Na\n", "2 мая 2024", F)))
case("Factiva in Russian around English", {"f.txt": RUSSIAN}, Doc(D, ["Документ", "слов"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier"), Doc(E, ["CASPC"], "Court opens a road", "2024-04-01", "", "The Caspian Courier"), Doc(F, ["Английский"], "Observatory to open in May", "2024-05-02", "Tom Vane; Li Na"))
case("Factiva in Russian, cp1251", {"f.txt": RUSSIAN.replace("“", "\"").replace("”", "\"").encode("cp1251")}, Doc([D[0], D[2]], ["слов"], "Dockers return at Aktau", "2024-03-14", "Anna Reed"), Doc([E[0]], title="Court opens a road", day="2024-04-01"), Doc([F[0]], title="Observatory to open in May"))
CODED = "".join(f"SE     News\nHD     {title}\nBY     By {author}\nWC     61 words\nPD     {day}\nET     08:12\nSN     The Caspian Courier\nSC     CASPC\nPG     A4\nLA     English\nCY     Copyright 2024 Caspian Courier Ltd.\nLP     \n{body[0]}\n\nTD     \n" + "\n\n".join(body[1:]) + f"\n\nCO     aktaup : Aktau Port\nIN     i763 : Shipping\nNS     gstrk : Labor Disputes | gcat : Political/General News\nRE     kazk : Kazakhstan | asiaz : Asia\nPUB    Caspian Courier Ltd.\nAN     Document CASPC00020240314ek3e0000{n}\n\n\n" for n, title, author, day, body in ((1, "Dockers return at Aktau", "Anna Reed and Tom Vane", "14 March 2024", D), (2, "Court opens a road", "Li Na", "1 April 2024", E)))
case("Factiva with fields, values below their codes", {"f.txt": CODED}, Doc(D, ["gstrk", "CASPC"], "Dockers return at Aktau", "2024-03-14", "Anna Reed; Tom Vane", "The Caspian Courier"), Doc(E, ["kazk :"], "Court opens a road", "2024-04-01", "Li Na"))
PARTED = "<html><head><meta charset='utf-8'><title>Factiva</title></head><body>" + "".join(f"<div class='article frArticle'><p>\n</p><div id='hd'><span class='frHeadline'>{title}</span></div><div class='author'>{author}</div><div>61 mots</div><div>{day}</div><div>The Caspian Courier</div><div>CASPC</div><div>Anglais</div><div>(c) 2024 Caspian Courier Ltd.</div>\n" + "".join(f"<p class='articleParagraph frarticleParagraph'>{p}</p>" for p in body) + f"<p>Document CASPC00020240314ek3e0000{n}</p></div><br>" for n, title, author, day, body in ((1, "Dockers return at Aktau", "Anna Reed", "14 mars 2024", D), (2, "Court opens a road", "Tom Vane", "1 avril 2024", E), (3, "Observatory to open", "", "2 mai 2024", F))) + "</body></html>"
case("Factiva in French around English, a page", {"f.html": PARTED}, Doc(D, ["mots", "Anglais"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier"), Doc(E, title="Court opens a road", day="2024-04-01", author="Tom Vane"), Doc(F, title="Observatory to open", day="2024-05-02"))

# --- Europresse, ProQuest ----------------------------------------------------------------------------------------

EURO = "<html><head><meta charset='utf-8'><title>Europresse</title></head><body>" + "".join(f"<article><header><div class='rdp__DocPublicationName'><span class='DocPublicationName'>{paper}</span></div><div class='rdp__DocHeader'><span class='DocHeader'>{head}</span></div><div class='titreArticle'><p class='titreArticleVisu rdp__articletitle'>{title}</p></div><p class='sm-margin-bottomNews'>{author}</p></header><section><div class='DocText clearfix'><div class='docOcurrContainer'>" + "".join(f"<p>{p}</p>" for p in body) + f"</div></div></section><footer><small>© 2024 {paper}. Tous droits réservés. Le présent document est protégé.</small><div class='publiC-lblNodoc'>news·20240314·CC·{n}</div></footer></article>" for n, paper, head, title, author, body in ((1, "The Caspian Courier (Aktau)", "News, jeudi 14 mars 2024 - 08:12:00 +0500 61 mots, p. 4", "Dockers return at Aktau", "Anna Reed", D), (2, "The Steppe Times - Website", "Thursday, April 4, 2024 61 mots", "Court opens a road", "Tom Vane; Li Na", E))) + "</body></html>"
case("Europresse in French around English", {"e.html": EURO}, Doc(D, ["Tous droits", "61 mots"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier (Aktau)"), Doc(E, ["protégé"], "Court opens a road", "2024-04-04", "Tom Vane; Li Na"))
PROQUEST_FR = "".join(f"____________________________________________________________\n\nDocument {n} sur 2\n\n{title}\n\nAuteur: {author}\n\nInfos de la publication: Caspian Courier ; Aktau [Aktau]. {day}: A.4.\n\nLien document ProQuest\n\nTexte intégral: " + "\n\n".join(body) + f"\n\nSujet: Ports; Strikes\n\nTitre: {title}\n\nAuteur: {author}\n\nTitre de la publication: Caspian Courier; Aktau\n\nPages: A.4\n\nDate de publication: {day}\n\nLangue de publication: English\n\nID de document ProQuest: 30100{n}\n\nURL du document: https://www.proquest.com/docview/30100{n}\n\nCopyright: (Copyright 2024 Caspian Courier)\n\n" for n, title, author, day, body in ((1, "Dockers return at Aktau", "Reed, Anna", "14 Mar 2024", D), (2, "Court opens a road", "Vane, Tom; Na, Li", "01 Apr 2024", E)))
case("ProQuest in French around English", {"p.txt": PROQUEST_FR}, Doc(D, ["Sujet", "30100"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "Caspian Courier"), Doc(E, ["Infos de"], "Court opens a road", "2024-04-01", "Tom Vane; Li Na", "Caspian Courier"))
PROQUEST_NOW = "".join(f"Document {n} of 2\n\n{title}\n\nAuthor: {author}\n\nProQuest document link\n\nAbstract: {body[0]}\n\nFull text: " + "\n\n".join(body) + f"\n\nSubject: Ports\n\nPublication title: Caspian Courier; Aktau\n\nPublication date: {day}\n\nLanguage of publication: English\n\nProQuest document ID: 30200{n}\n\n{'_' * 60}\n\n" for n, title, day, author, body in ((1, "Dockers return", "Mar 14, 2024", "Reed, Anna.", D), (2, "Court opens a road", "Apr 1, 2024", "Vane, Tom; Na, Li.", E)))
case("ProQuest with a link below the authors, RTF", {"p.rtf": rtf(PROQUEST_NOW)}, Doc(D, ["Subject"], "Dockers return", "2024-03-14", "Anna Reed", "Caspian Courier"), Doc(E, ["document link"], "Court opens a road", "2024-04-01", "Tom Vane; Li Na"))
RIS = "".join(f"TY  - NEWS\nAB  - A short abstract.\nAD  - Aktau\nAU  - {author}\nDA  - 2024/{day}/\nDB  - ProQuest One\nDO  - \nLA  - English\nN2  - " + " ".join(body) + f"\nPB  - Caspian Courier Ltd\nPY  - 2024\nSN  - 0307-1235\nT1  - {title}\nT2  - Caspian Courier\nUR  - https://www.proquest.com/docview/30100{n}\nER  - \n\n" for n, author, day, title, body in ((1, "Reed, Anna\nAU  - Vane, Tom", "03/14", "Dockers return at Aktau", D), (2, "Na, Li", "04/01", "Court opens a road", E)))
case("RIS of ProQuest with abstracts and texts", {"p.ris": RIS}, Doc(D, ["A short abstract", "0307"], "Dockers return at Aktau", "2024-03-14", "Anna Reed; Tom Vane", "Caspian Courier"), Doc(E, title="Court opens a road", day="2024-04-01", author="Li Na"))

# --- other archives ----------------------------------------------------------------------------------------------

NEWSBANK = "".join(f"{title}\n\n{day} | Caspian Courier, The (Aktau, Kazakhstan)\n\nAuthor: {author} | Section: News | 61 Words\n\nPage: 4\n\nOpenURL Link\n\n" + "\n\n".join(body) + f"\n\nCitation (APA style)\n\n{author}. (2024, March 14). {title}. Caspian Courier, The, p. 4. Available from NewsBank: https://infoweb.example/{n}.\n\nCopyright (c) 2024 The Caspian Courier\n\n" for n, title, day, author, body in ((1, "Dockers return at Aktau", "March 14, 2024", "Anna Reed", D), (2, "Court opens a road", "April 1, 2024", "Tom Vane", E)))
case("NewsBank, two in a text", {"n.txt": NEWSBANK}, Doc(D, ["OpenURL", "Citation"], "Dockers return at Aktau", "2024-03-14", "Anna Reed"), Doc(E, ["61 Words"], "Court opens a road", "2024-04-01", "Tom Vane"), or_told=True)
EBSCO = "".join(f"Record: {n}\n\nTitle: {title}\n\nAuthors: {author}\n\nSource: Caspian Courier, The. {day}. 61p.\n\nDocument Type: Article\n\nAccession Number: 4X{n}0001\n\nDatabase: Newspaper Source\n\nFull Text:\n\n" + "\n\n".join(body) + "\n\nCopyright of Caspian Courier, The is the property of Caspian Courier Ltd and its content may not be copied or emailed to multiple sites.\n\n" for n, title, author, day, body in ((1, "Dockers return at Aktau", "Reed, Anna", "03/14/2024", D), (2, "Court opens a road", "Vane, Tom; Na, Li", "04/01/2024", E)))
APART = re.sub(r"(?m)^(Title|Authors|Source): ", r"\1:\n", EBSCO).replace("\n\nAuthors", "\nAuthors").replace("\n\nSource", "\nSource")
case("EBSCO, values below their labels", {"e.txt": APART}, Doc(D, title="Dockers return at Aktau", day="2024-03-14", author="Anna Reed"), Doc(E, title="Court opens a road", day="2024-04-01", author="Tom Vane; Li Na"))
EUROPRESSE = "".join(f"<article><header><div><span class='DocPublicationName'>The Caspian Courier</span></div><div><span class='DocHeader'>News, lundi {day}, p. 3</span></div><div class='titreArticle'><p class='titreArticleVisu'>{title}</p></div><div class='sm-margin-bottomNews'>{author}</div></header><section><div class='docOcurrContainer'>{tags(body)}</div></section><footer><div class='publiC-lblNodoc'>news·{number}·CC·3</div></footer></article>" for title, author, day, number, body in (("Dockers return at Aktau", "Reed, Anna", "14 mars 2024", "20240314", D), ("Court opens a road", "Vane, Tom; Na, Li", "1 avril 2024", "20240401", E)))
case("Europresse with surnames first", {"e.html": f"<html><body>{EUROPRESSE}</body></html>"}, Doc(D, title="Dockers return at Aktau", day="2024-03-14", author="Anna Reed"), Doc(E, title="Court opens a road", day="2024-04-01", author="Tom Vane; Li Na"))
FACTIVA = "".join(f"<div id='article-CW{n}' class='article enArticle'><div id='hd'><span class='enHeadline'>{title}</span></div><div>61 words</div><div>{day} April 2024</div><div>07:12 GMT</div><div>Caspian Wire</div><div>CWIRE</div><div>English</div><div>(c) 2024 Caspian Wire</div>{''.join(f'<p class=&quot;articleParagraph enarticleParagraph&quot;>{p}</p>' for p in body)}<p>Document CWIRE0002024040{day}ek41000{n}</p></div>".replace("&quot;", '"') for n, title, day, body in ((1, "Dockers return at Aktau", 1, D), (2, "Court opens a road", 2, E)))
case("Factiva with times and their zone", {"f.html": f"<html><body>{FACTIVA}</body></html>"}, Doc(D, title="Dockers return at Aktau", day="2024-04-01", outlet="Caspian Wire"), Doc(E, title="Court opens a road", day="2024-04-02", outlet="Caspian Wire"))
case("EBSCO, two in a text", {"e.txt": EBSCO}, Doc(D, ["Accession"], "Dockers return at Aktau", "2024-03-14", "Anna Reed"), Doc(E, ["property of"], "Court opens a road", "2024-04-01", "Tom Vane; Li Na"), or_told=True)
GALE = "".join(f"{title}\nAuthor: {author}\nDate: {day}\nFrom: The Caspian Courier\nPublisher: Caspian Courier Ltd.\nDocument Type: Article\nLength: 61 words\nArticle Text:\n" + "\n".join(body) + f"\nCopyright: COPYRIGHT 2024 Caspian Courier Ltd.\nSource Citation (MLA 9th Edition)\nReed, Anna. \"{title}.\" Caspian Courier, 2024. Gale OneFile.\nGale Document Number: GALE|A7865{n}\n\n" for n, title, author, day, body in ((1, "Dockers return at Aktau", "Anna Reed", "Mar. 14, 2024", D), (2, "Court opens a road", "Tom Vane", "Apr. 1, 2024", E)))
case("Gale, two in a text", {"g.txt": GALE}, Doc(D, ["GALE|"], "Dockers return at Aktau", "2024-03-14", "Anna Reed"), Doc(E, ["Citation"], "Court opens a road", "2024-04-01", "Tom Vane"), or_told=True)
INTEGRUM = "".join(f"Документ {n} из 2\n\nИсточник: The Caspian Courier\nДата выпуска: {day}\nЗаглавие: {title}\nАвтор: {author}\n\n" + "\n\n".join(body) + "\n\n" for n, title, day, author, body in ((1, "Dockers return at Aktau", "14.03.2024", "Anna Reed", D), (2, "Court opens a road", "01.04.2024", "Tom Vane", E)))
case("a Russian archive's text around English", {"i.txt": INTEGRUM}, Doc(D, ["Источник"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier"), Doc(E, title="Court opens a road", day="2024-04-01"), or_told=True)
NUMBERED = "\n".join(f"[{n}] {title}\nThe Caspian Courier, {day}\nBy {author}\n\n" + "\n\n".join(body) + "\n" for n, title, day, author, body in ((1, "Dockers return at Aktau", "14 March 2024", "Anna Reed", D), (2, "Court opens a road", "1 April 2024", "Tom Vane", E), (3, "Observatory to open in May", "2 April 2024", "Li Na", F)))
case("articles that a person has numbered", {"s.txt": NUMBERED}, FOR_D, FOR_E, FOR_F, or_told=True)
HASHED = "\n".join(f"### ARTICLE {n} ###\nTITLE: {title}\nDATE: {day}\nSOURCE: The Caspian Courier\n\n" + "\n\n".join(body) + "\n" for n, title, day, body in ((1, "Dockers return at Aktau", "2024-03-14", D), (2, "Court opens a road", "2024-04-01", E), (3, "Observatory to open in May", "2024-04-02", F)))
case("articles that a script has parted", {"s.txt": HASHED}, Doc(D, ["ARTICLE 1"], "Dockers return at Aktau", "2024-03-14"), Doc(E, title="Court opens a road"), Doc(F, title="Observatory to open in May"), or_told=True)

# --- documents of other programs ---------------------------------------------------------------------------------

PRINTED = ["14/03/2024, 08:15                 Dockers return at Aktau | Caspian Courier", "", "Dockers return at Aktau", "", "By Anna Reed", "14 March 2024", "", *(line for p in D for line in (*textwrap.wrap(p.replace("“", '"').replace("”", '"'), 70), "")), "https://courier.example/n/dockers                                     1/1"]
case("a page printed to PDF", {"p.pdf": pdf(PRINTED)}, Doc([D[2]], ["1/1", "08:15"], "Dockers return at Aktau", "2024-03-14", "Anna Reed"))
case("an OpenDocument text", {"o.odt": odt(["Dockers return at Aktau", "By Anna Reed, The Caspian Courier, 14 March 2024", *D])}, Doc(D, title="Dockers return at Aktau", day="2024-03-14", author="Anna Reed"))
case("a Word document with fields above the text", {"w.docx": docx(["Dockers return at Aktau", "Source: The Caspian Courier", "Date: 14 March 2024", "Author: Anna Reed", "URL: https://courier.example/n/dockers", *D])}, Doc(D, ["Author:"], "Dockers return at Aktau", "2024-03-14", "Anna Reed", "The Caspian Courier", "https://courier.example/n/dockers"))
FORWARDED = EmailMessage()
FORWARDED["Subject"], FORWARDED["From"], FORWARDED["Date"], FORWARDED["To"] = "Fwd: Dockers return at Aktau", "Desk <desk@uni.example>", "Mon, 18 Mar 2024 08:12:00 +0000", "me@uni.example"
FORWARDED.set_content("For the folder.\n\n---------- Forwarded message ---------\nFrom: Caspian Courier <news@courier.example>\nDate: Thu, 14 Mar 2024 at 08:12\nSubject: Dockers return at Aktau\nTo: <desk@uni.example>\n\n" + text(D) + "\n--\nSent from my phone\n")
case("a letter that was forwarded", {"l.eml": FORWARDED.as_bytes()}, Doc(D, ["Sent from my phone", "Forwarded message"], "Dockers return at Aktau", "2024-03-14"))
case("a press release", {"r.txt": "FOR IMMEDIATE RELEASE\n\nDockers return at Aktau\n\nAKTAU, Kazakhstan, March 14, 2024 /CaspianWire/ -- " + text(D) + "\n# # #\n\nMedia Contact:\nAnna Reed\npress@courier.example\n+7 700 000 00 00\n\nSOURCE Aktau Port\n"}, Doc(D, ["press@courier", "IMMEDIATE"], "Dockers return at Aktau", "2024-03-14"))
case("minutes of a desk beside articles", {"a.jsonl": lines({"id": "d-1", "text": text(D)}), "a.txt": text(E), "notes.csv": "what,who\ncall the port,Anna\n"}, FOR_D, FOR_E, rejects=["no column"])

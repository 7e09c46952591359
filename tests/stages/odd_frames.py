"""Templated news and copies of it as agencies and local papers write them: invented, written before any was compared.

A frame is a text with slots and 3 to 5 fillings; of one or two of these there is a rewrite. What is joined should be a filling and its
rewrites, and no two fillings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Frame(NamedTuple):
    """A frame: its text, what fills it, and which fillings are rewritten how."""

    name: str
    text: str
    fillings: tuple[dict[str, str], ...]
    copies: tuple[tuple[int, Callable[[str], str]], ...]


def retitled(title: str) -> Callable[[str], str]:
    return lambda text: title + "\n\n" + text.partition("\n\n")[2]


def shortened(sentences: int) -> Callable[[str], str]:
    """The headline and the first sentences, as a paper cuts a wire to its column."""

    def cut(text: str) -> str:
        title, _, body = text.partition("\n\n")
        return title + "\n\n" + ". ".join(body.replace("\n\n", " ").split(". ")[:sentences]).rstrip(".") + "."

    return cut


def without(paragraph: int) -> Callable[[str], str]:
    def drop(text: str) -> str:
        parts = text.split("\n\n")
        return "\n\n".join(parts[:paragraph] + parts[paragraph + 1 :])

    return drop


def respelt(text: str) -> str:
    """In British spelling, with a dateline and an agency's name."""
    for american, british in (
        ("center", "centre"),
        ("organiz", "organis"),
        ("canceled", "cancelled"),
        ("program", "programme"),
        ("percent", "per cent"),
        ("neighbor", "neighbour"),
        ("traveler", "traveller"),
        ("color", "colour"),
        ("defense", "defence"),
        ("meter", "metre"),
        ("liter", "litre"),
        ("labor", "labour"),
    ):
        text = text.replace(american, british)
    title, _, body = text.partition("\n\n")
    return f"{title}\n\nWIRE SERVICE — {body}\n\n(Edited for length by the news desk.)"


def redated(old: str, new: str, added: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new) + "\n\n" + added


def both(one: Callable[[str], str], other: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: other(one(text))


# a filling a line
# fmt: off
FRAMES: tuple[Frame, ...] = (
    Frame("school closures", "{town} schools closed {day} because of {why}\n\nAll {n} schools of the {town} district will be closed {day} because of {why}, superintendent {head} said in a message to parents.\n\n{detail} Meals can be picked up at {place} between 11 a.m. and 1 p.m.\n\nAfter-school programs and sports are canceled as well. A decision on {next} will be made by 5 a.m. and posted on the district's website. Families can sign up for text alerts through the parent portal.", (
        {"town": "Harlow", "day": "Monday", "why": "ice on the roads", "n": "14", "head": "Dana Pruitt", "detail": "Plows had cleared the main routes by Sunday night, but side streets in the hills were still glazed.", "place": "Lincoln Middle School", "next": "Tuesday"},
        {"town": "Westbrook", "day": "Thursday", "why": "a water main break", "n": "six", "head": "Carl Osei", "detail": "Crews found the break under Mill Street shortly after midnight and expect repairs to take most of a day.", "place": "the town hall", "next": "Friday"},
        {"town": "Fort Allen", "day": "Friday", "why": "smoke from the canyon fire", "n": "31", "head": "Ruth Yazzie", "detail": "Air monitors near two campuses showed readings that doctors call unhealthy for everyone.", "place": "Yucca Elementary", "next": "Monday"},
        {"town": "Delmar", "day": "Wednesday", "why": "high winds", "n": "nine", "head": "Peter Lindqvist", "detail": "Gusts of 60 miles an hour had torn the roof from a gym by the river on Tuesday.", "place": "the fire station", "next": "Thursday"},
    ), ((0, both(without(2), retitled("Ice keeps Harlow pupils home"))), (2, respelt))),
    Frame("tide tables", "Tides for {port}, week of {week}\n\nHigh water at {port} is at {h1} and {h2} on Monday with a height of {m1} meters; low water follows at {l1} and {l2}. By Thursday the range grows to {r} meters under the {moon} moon.\n\nAnglers will find the best hours around {best}, when {fish} come in over the {ground}. Walkers on the causeway should start back no later than {back}.\n\nTimes are for the harbor wall and given in local time. Add ten minutes for the outer pier. The table is computed by the hydrographic office and does not allow for wind.", (
        {"port": "Ardmouth", "week": "3 June", "h1": "6:12", "h2": "18:40", "m1": "4.1", "l1": "0:05", "l2": "12:21", "r": "3.6", "moon": "new", "best": "dusk", "fish": "bass", "ground": "mussel beds", "back": "10:30"},
        {"port": "Ardmouth", "week": "10 June", "h1": "11:48", "h2": "23:59", "m1": "3.2", "l1": "5:33", "l2": "17:52", "r": "2.4", "moon": "quarter", "best": "noon", "fish": "mackerel", "ground": "sandbar", "back": "15:45"},
        {"port": "Kilbray", "week": "3 June", "h1": "7:01", "h2": "19:27", "m1": "5.0", "l1": "0:51", "l2": "13:09", "r": "4.4", "moon": "new", "best": "sunset", "fish": "pollack", "ground": "reef", "back": "11:15"},
    ), ((0, redated("3 June", "3 June 2024", "Tables for other ports can be had from the harbour office.")),)),
    Frame("lottery", "Winning numbers drawn in {game}\n\nThe numbers drawn in {day} evening's {game} were {a}, {b}, {c}, {d} and {e}, with the bonus ball {x}. {won}\n\nThe jackpot for the next drawing, on {next}, is an estimated ${jack} million. {sold}\n\nTickets cost ${price} and are sold until 7:30 p.m. on the day of the drawing. The odds of winning the top prize are one in {odds} million. Winners have 180 days to claim their prize at the lottery's office in person.", (
        {"game": "Pick Six", "day": "Saturday", "a": "4", "b": "11", "c": "23", "d": "31", "e": "40", "x": "7", "won": "No ticket matched all of them.", "next": "Wednesday", "jack": "12.5", "sold": "Two tickets sold in Tarrant County matched five numbers and are worth $20,000 each.", "price": "2", "odds": "14"},
        {"game": "Pick Six", "day": "Wednesday", "a": "2", "b": "9", "c": "17", "d": "28", "e": "35", "x": "12", "won": "A ticket bought at a grocery in Plano won the jackpot of $12.5 million.", "next": "Saturday", "jack": "3", "sold": "Eleven players matched five numbers.", "price": "2", "odds": "14"},
        {"game": "Golden Draw", "day": "Friday", "a": "8", "b": "19", "c": "21", "d": "44", "e": "58", "x": "3", "won": "The top prize went unclaimed for the ninth time running.", "next": "Tuesday", "jack": "210", "sold": "One ticket in Ohio is worth $1 million.", "price": "3", "odds": "292"},
        {"game": "Lucky Five", "day": "Monday", "a": "1", "b": "13", "c": "22", "d": "29", "e": "33", "x": "18", "won": "Three tickets share the jackpot.", "next": "Thursday", "jack": "1.1", "sold": "All three were bought online.", "price": "1", "odds": "3"},
    ), ((1, retitled("Plano grocery sells jackpot ticket")),)),
    Frame("recall", "{firm} recalls {what} over {risk}\n\n{firm} is recalling about {n} {what} sold under the name {brand} because of {risk}, the product safety agency said on {day}.\n\nThe firm has received {reports} reports of {harm}. {injured} The products were sold at {shops} from {from_} to {to} for about {price} dollars.\n\nConsumers should stop using them at once and contact {firm} for a {remedy}. The recall number is {number}. A model number is printed on a label on the bottom of each unit, and pictures of it can be seen on the agency's website.", (
        {"firm": "Brightway", "what": "space heaters", "risk": "a fire hazard", "n": "41,000", "brand": "Cozy Nook", "day": "Thursday", "reports": "19", "harm": "units that overheated and melted", "injured": "Two people were treated for burns.", "shops": "hardware stores nationwide", "from_": "October 2022", "to": "January 2024", "price": "60", "remedy": "full refund", "number": "24-118"},
        {"firm": "Larkin Toys", "what": "wooden rattles", "risk": "a choking hazard", "n": "8,200", "brand": "First Forest", "day": "Tuesday", "reports": "four", "harm": "beads that came loose", "injured": "No child was hurt.", "shops": "gift shops and online", "from_": "May 2023", "to": "March 2024", "price": "14", "remedy": "replacement", "number": "24-131"},
        {"firm": "Omnicycle", "what": "electric bicycles", "risk": "brakes that may fail", "n": "15,600", "brand": "Voltaire", "day": "Wednesday", "reports": "33", "harm": "cables that snapped", "injured": "One rider broke a wrist.", "shops": "dealers in twelve states", "from_": "March 2021", "to": "August 2023", "price": "1,900", "remedy": "free repair", "number": "24-140"},
    ), ((0, shortened(5)), (2, respelt))),
    Frame("election results by district", "{party} holds {district}\n\n{who} of the {party} won the seat of {district} with {votes} votes, {share} percent of those cast, the returning officer announced at {time} on Friday morning.\n\n{second} of the {other} came second with {votes2}. {third} The turnout was {turnout} percent, {trend} than five years ago.\n\nThe seat has {electors} electors and takes in {places}. {who} thanked the police and the counting staff in a short speech and promised to open an office in the district before the summer.", (
        {"party": "Union List", "district": "Camber North", "who": "Joan Aldous", "votes": "21,340", "share": "48.2", "time": "2:15", "second": "Philip Rane", "other": "Liberals", "votes2": "15,002", "third": "The Greens kept their deposit for the first time.", "turnout": "66.1", "trend": "lower", "electors": "67,000", "places": "the docks and the old town"},
        {"party": "Union List", "district": "Camber South", "who": "Edwin Sholto", "votes": "19,876", "share": "44.0", "time": "3:40", "second": "Meera Nath", "other": "Liberals", "votes2": "18,911", "third": "A recount was asked for and refused.", "turnout": "70.3", "trend": "higher", "electors": "64,200", "places": "four villages and the university"},
        {"party": "Liberals", "district": "Isle of Wray", "who": "Tamsin Orr", "votes": "12,080", "share": "51.7", "time": "1:05", "second": "Gavin Poole", "other": "Union List", "votes2": "9,640", "third": "Nobody else stood.", "turnout": "58.8", "trend": "lower", "electors": "39,700", "places": "the island and two lighthouses"},
        {"party": "Greens", "district": "Hartwell", "who": "Sonia Beck", "votes": "23,115", "share": "39.5", "time": "4:30", "second": "Luke Imrie", "other": "Union List", "votes2": "22,990", "third": "The Liberals fell to fourth.", "turnout": "73.9", "trend": "higher", "electors": "79,400", "places": "the northern suburbs"},
    ), ((1, without(2)), (3, retitled("Greens take Hartwell by 125 votes")))),
    Frame("parliamentary questions", "Minister answers on {topic}\n\nAsked by {mp} ({seat}) what steps the government is taking on {topic}, {minister}, the minister for {dept}, said in a written answer on {day}: \"{answer}\"\n\n{mp} also asked for the cost in each of the last three years. The minister gave figures of {c1}, {c2} and {c3} million crowns.\n\nThe answer was placed in the library of the house together with tables for each county. Questions are answered within ten sitting days, and those that are not reached are answered in writing.", (
        {"topic": "rural bus routes", "mp": "Alice Thorne", "seat": "Fenwick", "minister": "Hugh Stanton", "dept": "transport", "day": "Monday", "answer": "We have kept forty routes open that would otherwise have been lost.", "c1": "12", "c2": "14", "c3": "19"},
        {"topic": "badger vaccination", "mp": "Owen Price", "seat": "Glenmore", "minister": "Clara Dunne", "dept": "farming", "day": "Tuesday", "answer": "Trials in two counties have ended and a report will be laid before the house.", "c1": "3.1", "c2": "2.8", "c3": "0.9"},
        {"topic": "court waiting times", "mp": "Nadia Farouk", "seat": "Eastgate", "minister": "Roy Selden", "dept": "justice", "day": "Thursday", "answer": "The median wait has fallen for the first time since records began.", "c1": "88", "c2": "91", "c3": "104"},
    ), ((2, both(retitled("Court waits fall, says Selden"), shortened(4))),)),
    Frame("patents", "{firm} granted patent for {what}\n\n{firm} of {city} has been granted a patent for {what}, according to the register published on {day}. The application, number {number}, was filed on {filed}.\n\nThe inventors are named as {i1} and {i2}. According to the abstract, the invention \"{abstract}\".\n\nPatents are listed in the weekly gazette of the patent office. An opposition may be filed within nine months. The office granted {n} patents this week.", (
        {"firm": "Sorrel Optics", "city": "Leuven", "what": "a folding lens", "day": "Wednesday", "number": "3 912 004", "filed": "12 May 2020", "i1": "Jan Peeters", "i2": "Lien Maes", "abstract": "relates to a lens of two halves that unfold along a hinge so that a camera may be carried flat", "n": "1,402"},
        {"firm": "Hydra Pumps", "city": "Graz", "what": "a silent valve", "day": "Wednesday", "number": "3 912 118", "filed": "3 March 2019", "i1": "Eva Koller", "i2": "Tomas Brandl", "abstract": "provides a seat of felt in which a ball comes to rest without a knock", "n": "1,402"},
        {"firm": "Nordic Sails", "city": "Turku", "what": "a method of drying canvas", "day": "Wednesday", "number": "3 915 660", "filed": "30 August 2021", "i1": "Aino Salo", "i2": "Pekka Rinne", "abstract": "comprises a drum with openings of which each second one blows warm air", "n": "1,377"},
    ), ((0, respelt),)),
    Frame("weekly fuel prices", "Gas prices {move} in {state}\n\nAverage gasoline prices in {state} have {moved} {c} cents per gallon in the past week, averaging ${now} today, according to a survey of {n} stations. Prices are {m} cents {mdir} than a month ago and {y} cents {ydir} than a year ago.\n\nThe cheapest station was priced at ${low} on Sunday and the most expensive at ${high}. The national average stands at ${nat}.\n\n\"{quote}\" said {who}, head of petroleum analysis at the survey. Figures for neighboring areas and their history can be found on its website.", (
        {"state": "Ohio", "move": "fall", "moved": "fallen", "c": "8.1", "now": "3.21", "n": "5,100", "m": "15.2", "mdir": "lower", "y": "31.0", "ydir": "lower", "low": "2.79", "high": "3.89", "nat": "3.40", "quote": "Refineries in the lakes are back at work and drivers feel it,", "who": "Pat DeHaven"},
        {"state": "Maine", "move": "rise", "moved": "risen", "c": "2.4", "now": "3.48", "n": "1,200", "m": "6.6", "mdir": "higher", "y": "12.9", "ydir": "lower", "low": "3.25", "high": "3.99", "nat": "3.40", "quote": "A late spring keeps heating oil dear and that drags on gas,", "who": "Pat DeHaven"},
        {"state": "Ohio", "move": "rise", "moved": "risen", "c": "11.7", "now": "3.33", "n": "5,100", "m": "3.5", "mdir": "lower", "y": "20.4", "ydir": "lower", "low": "2.95", "high": "3.95", "nat": "3.46", "quote": "A fire at a plant in Toledo took the summer's ease away in a night,", "who": "Pat DeHaven"},
        {"state": "Nevada", "move": "fall", "moved": "fallen", "c": "4.9", "now": "4.12", "n": "1,350", "m": "1.1", "mdir": "higher", "y": "2.2", "ydir": "higher", "low": "3.61", "high": "5.09", "nat": "3.46", "quote": "The coast sets the price here, and the coast has been kind,", "who": "Pat DeHaven"},
    ), ((1, respelt), (2, without(2)))),
    Frame("cricket scorecards", "{winner} beat {loser} by {margin}\n\n{winner} beat {loser} by {margin} at {ground} on {day}. Batting first, {first} made {runs} for {w} in {overs} overs, {bat} scoring {score} from {balls} balls.\n\n{bowl} took {figs} as {second} were {end}. {partner}\n\n{winner} stay {place} in the table with {points} points. {next_} The umpires were {u1} and {u2}; the toss was won by {toss}, who chose to bat.", (
        {"winner": "Sussland", "loser": "Kenthill", "margin": "34 runs", "ground": "Seaford Road", "day": "Sunday", "first": "Sussland", "runs": "247", "w": "8", "overs": "50", "bat": "Amir Shafiq", "score": "91", "balls": "104", "bowl": "Will Tandy", "figs": "4 for 38", "second": "Kenthill", "end": "bowled out for 213", "partner": "Only a stand of 70 between Grewal and Moss held them up.", "place": "second", "points": "41", "next_": "They travel to Marbury next.", "u1": "J. Peel", "u2": "R. Okon", "toss": "Sussland"},
        {"winner": "Marbury", "loser": "Devonport", "margin": "six wickets", "ground": "Castle Green", "day": "Saturday", "first": "Devonport", "runs": "189", "w": "10", "overs": "46", "bat": "Colin Earle", "score": "55", "balls": "80", "bowl": "Ishan Rao", "figs": "3 for 22", "second": "Marbury", "end": "home with nine overs left", "partner": "Rao then opened and made 40.", "place": "top", "points": "52", "next_": "Sussland are their next guests.", "u1": "S. Whittle", "u2": "B. Amos", "toss": "Devonport"},
        {"winner": "Kenthill", "loser": "Northby", "margin": "two runs", "ground": "The Paddock", "day": "Monday", "first": "Kenthill", "runs": "301", "w": "5", "overs": "50", "bat": "Dev Grewal", "score": "140", "balls": "131", "bowl": "Harry Moss", "figs": "2 for 60", "second": "Northby", "end": "299 for 9 when the last over was done", "partner": "Eight were wanted from it and six came.", "place": "fifth", "points": "28", "next_": "Rain is forecast for their visit to the coast.", "u1": "J. Peel", "u2": "T. Gray", "toss": "Kenthill"},
    ), ((2, retitled("Kenthill squeeze home by two runs")), (0, shortened(6)))),
    Frame("restaurant inspections", "Inspectors close {place} for {n} days\n\nCounty health inspectors closed {place} at {address} on {day} after finding {found}. The restaurant was cited for {cited} violations, {critical} of them critical.\n\nAccording to the report, {detail} {place} may reopen after a second visit, which was set for {again}.\n\nThe county inspects each kitchen twice a year, and more often where it has had complaints. Reports are public and can be read at the health department or on its website for three years.", (
        {"place": "Golden Wok", "n": "two", "address": "410 Elm Street", "day": "Monday", "found": "no hot water", "cited": "11", "critical": "three", "detail": "the boiler had been out for a week and dishes were washed in cold water.", "again": "Wednesday"},
        {"place": "Luigi's", "n": "five", "address": "22 Harbor Plaza", "day": "Tuesday", "found": "mice in the storeroom", "cited": "17", "critical": "six", "detail": "droppings lay on flour sacks and a side door could not be shut.", "again": "the following Monday"},
        {"place": "Taqueria Sol", "n": "three", "address": "9 Depot Avenue", "day": "Friday", "found": "raw chicken kept above salads", "cited": "eight", "critical": "two", "detail": "a cooler stood at 58 degrees and nobody could say since when.", "again": "Tuesday"},
        {"place": "The Copper Pan", "n": "one", "address": "1300 River Road", "day": "Thursday", "found": "a sewage backup", "cited": "five", "critical": "one", "detail": "water from a drain had reached the walk-in by noon.", "again": "Friday"},
    ), ((1, without(2)), (3, both(retitled("Sewage shuts The Copper Pan"), respelt)))),
    Frame("air quality", "Air in {city} {grade} on {day}\n\nThe air in {city} was rated {grade} on {day} morning, with an index of {aqi} at the station in {station} and {aqi2} in {station2}, according to the environment agency. Fine particles reached {pm} micrograms per cubic meter, {times} times the daily guideline.\n\nThe agency named {cause} as the cause. {advice}\n\nReadings are taken each hour at {n} stations and published at once. An index above 150 is called unhealthy, above 200 very unhealthy. {wind}", (
        {"city": "Almagul", "grade": "unhealthy", "day": "Monday", "aqi": "171", "station": "the railway square", "aqi2": "158", "station2": "Botanic Street", "pm": "94", "times": "six", "cause": "stoves and still weather", "advice": "Schools kept children indoors during breaks.", "n": "18", "wind": "Wind from the steppe is expected by Wednesday."},
        {"city": "Almagul", "grade": "very unhealthy", "day": "Tuesday", "aqi": "223", "station": "the railway square", "aqi2": "209", "station2": "the bus depot", "pm": "148", "times": "ten", "cause": "a lid of cold air over the valley", "advice": "Doctors asked the old and those with asthma to stay at home.", "n": "18", "wind": "No change is in sight."},
        {"city": "Karmesh", "grade": "moderate", "day": "Monday", "aqi": "88", "station": "the smelter gate", "aqi2": "73", "station2": "Lenin Park", "pm": "30", "times": "two", "cause": "the smelter and traffic", "advice": "No warning was given.", "n": "seven", "wind": "Rain on Sunday had washed out the worst."},
    ), ((0, retitled("Stoves and still weather foul the air of Almagul")), (1, respelt))),
    Frame("transfer notices", "{club} sign {player} from {old}\n\n{club} have signed the {role} {player} from {old} on a contract until {until} for a fee of {fee} million, both clubs said on {day}.\n\nThe {age}-year-old {past}. He will wear number {shirt}. \"{quote}\" he said.\n\n{club} play {foe} on {when}, a match for which he {ready}. The transfer window closes at the end of the month, and the club's director of football has said that one more signing may follow.", (
        {"club": "Racing Velm", "player": "Joao Tavares", "old": "Porto Azul", "role": "winger", "until": "2028", "fee": "11", "day": "Monday", "age": "23", "past": "scored nine goals last season and was capped twice", "shirt": "17", "quote": "I wanted the sea and the noise, and here I have both,", "foe": "Dynamo Sell", "when": "Saturday", "ready": "may be fit"},
        {"club": "Dynamo Sell", "player": "Marek Hlavac", "old": "Slovan Brod", "role": "goalkeeper", "until": "2026", "fee": "2.5", "day": "Wednesday", "age": "31", "past": "kept fourteen clean sheets and has captained his country", "shirt": "1", "quote": "There is work to do at the back and I like work,", "foe": "Racing Velm", "when": "Saturday", "ready": "is registered"},
        {"club": "Athletic Norra", "player": "Sam Boateng", "old": "Velden", "role": "centre-back", "until": "2027", "fee": "6", "day": "Friday", "age": "19", "past": "came through the academy of Velden and has played but eleven matches", "shirt": "34", "quote": "My mother chose the club and I chose the number,", "foe": "Union Hask", "when": "Sunday", "ready": "is suspended"},
    ), ((2, shortened(5)), (1, redated("on Wednesday", "late on Wednesday", "Hlavac had been expected to join a club in Greece.")))),
)


def articles() -> list[tuple[str, str, str]]:
    """All articles: a name, the filling that it should be joined with, its text."""
    made = []
    for frame in FRAMES:
        texts = [frame.text.format(**filling) for filling in frame.fillings]
        made += [(f"{frame.name} {n}", f"{frame.name} {n}", text) for n, text in enumerate(texts)]
        made += [(f"{frame.name} {n} copy {i}", f"{frame.name} {n}", make(texts[n])) for i, (n, make) in enumerate(frame.copies)]
    return made

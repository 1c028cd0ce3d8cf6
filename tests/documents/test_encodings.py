"""Bytes of an old encoding are read by the words that they give, however few there are."""

import pytest

from rag.documents.encodings import decode


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("The head of Orléansville said “yes” – once. She owes €12.\r\n", "cp1252"),
        ("It cost €3.", "cp1252"),
        ("“No,” he said.", "cp1252"),
        ("the mayor’s own words", "cp1252"),
        ("He told the café’s owner: ‘Stop’ — twice… and paid £40.", "cp1252"),
        ("La señora Muñoz dijo que no habría más años así.", "cp1252"),
        ("Der Bürgermeister sagte: „Das ist schön“, und ging.", "cp1252"),
        ("Il a déclaré que la vie à Nîmes n’était pas chère.", "cp1252"),
        ("Le père et la mère", "cp1252"),
        ("L'été à Nîmes", "mac-roman"),
        ("A presidência disse que não há corrupção.", "cp1252"),
        ("Statsråd Åse Bjørnø sa at båten er på vei.", "cp1252"),
        ("Łukasz Nowak powiedział, że burmistrz nie kłamał.", "cp1250"),
        ("Łukasz Wójcik paid nothing.", "cp1250"),
        ("Paweł said no.", "cp1250"),
        ("Mówił, że są źli.", "iso8859-2"),
        ("Starosta řekl, že smlouvu nikdy neviděl a že je to lež.", "cp1250"),
        ("A polgármester azt mondta, hogy ő nem tudott erről, és hogy jön.", "cp1250"),
        ("Primăria a spus că nu știa nimic.".replace("ș", "ş"), "cp1250"),
        ("Başkan İzmir’de şöyle dedi: bu doğru değil.", "cp1254"),
        ("Министр сказал, что не знал.", "cp1251"),
        ("Министр сказал, что не знал.", "koi8-r"),
        ("Мэр уехал.", "cp866"),
        ("Ο δήμαρχος είπε ότι δεν το ήξερε.", "cp1253"),
        ("ראש העיר אמר כי הוא לא ידע על זה.", "cp1255"),
        ("Mērs teica, ka nav par to zinājis un ka ir ļoti žēl.", "cp1257"),
        ("Meras sakė, kad apie tai nežinojo, ir išėjo į gatvę.", "cp1257"),
        ("市長は何も知らなかったと述べた。契約は五月に結ばれた。", "shift_jis"),
        ("市长说他对合同一无所知。合同是在五月签订的。", "gb18030"),
        ("市長說他對合約一無所知。合約是在五月簽訂的。", "big5"),
    ],
)  # fmt: skip
def test_a_short_text_is_read_in_the_encoding_that_gives_words(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_the_whole_text_decides_not_the_part_that_was_judged() -> None:
    text = "The café is shut. " + "Nothing more.\n" * 10 + "The café’s owner\n" * 9_000
    data = text.encode("cp1252") + b"\x81\n"  # no character of Windows-1252
    with pytest.raises(UnicodeDecodeError):
        data.decode("cp1252")
    assert decode(data).startswith("The caf")

"""What people write to each other: (sender, text) in the order of the talk."""

from typing import NamedTuple

Line = tuple[str, str]


class Talk(NamedTuple):
    """A conversation; `days_ago` and `minutes` say when it begins and how much time lies between two messages."""

    people: tuple[str, ...]
    title: str | None
    days_ago: float
    minutes: int
    lines: tuple[Line, ...]
    unread: int = 0
    """How many of the last messages only their sender has read."""


TALKS: tuple[Talk, ...] = (
    Talk(
        ("ada", "ben"),
        None,
        6.0,
        95,
        (
            ("ben", "Are you coming on Saturday? I need someone to make flour look dignified."),
            ("ada", "Only if there is rye."),
            ("ben", "There is always rye. Bring the big reflector, the window is shy."),
            ("ada", "It is a bed sheet, but it has experience."),
            ("ben", "Class starts at nine. The first loaf comes out at eleven, light permitting."),
            ("ada", "I shall be there at eight for the steam."),
            ("ben", "The steam does not get up before ten, but the coffee does."),
        ),
    ),
    Talk(
        ("ada", "cleo"),
        None,
        2.2,
        40,
        (
            ("cleo", "Do you still have the long take of the ropes? The one with the gull."),
            ("ada", "Twelve minutes, gull included. Shall I cut it?"),
            ("cleo", "Never cut a gull."),
            ("ada", "Sent. The left channel has wind from minute four."),
            ("cleo", "The wind is in F sharp, it stays."),
            ("ada", "Tell me when there is something to hear."),
            ("cleo", "There is. Headphones, door closed, then tell me honestly."),
            ("cleo", "The ending is not final. I may move the gull."),
        ),
        2,
    ),
    Talk(
        ("ada", "dan"),
        None,
        4.5,
        180,
        (
            ("dan", "How wide is the door of the darkroom?"),
            ("ada", "Seventy-two centimetres. Why?"),
            ("dan", "No reason."),
            ("ada", "Dan."),
            ("dan", "A tandem is sixty-four at the handlebars. I was only wondering."),
            ("ada", "It cannot live in the darkroom."),
            ("dan", "It would only visit."),
        ),
    ),
    Talk(
        ("ben", "tomas"),
        None,
        9.0,
        240,
        (
            ("tomas", "Gerald has doubled. He has also left the jar."),
            ("ben", "Cooler water, and a bigger jar. He likes company, but not that much."),
            ("tomas", "He is in the soup pot now."),
            ("ben", "Feed him rye tonight and he will forgive you."),
            ("tomas", "First loaf is out. The cook cried, in a good way."),
            ("ben", "Send a picture before you eat it."),
            ("tomas", "Too late."),
        ),
    ),
    Talk(
        ("cleo", "sam"),
        None,
        3.1,
        70,
        (
            ("sam", "Could we play all of Eleven Bells on Sunday, from noon?"),
            ("cleo", "At noon, in order, and please do not talk over the seventh."),
            ("sam", "Nobody will breathe. Do you want to introduce it?"),
            ("cleo", "Thirty seconds, from my kitchen. You will hear the fridge."),
            ("sam", "The fridge is welcome."),
            ("cleo", "Recorded. It is thirty-four seconds, the fridge overran."),
        ),
        1,
    ),
    Talk(
        ("mira", "yuki"),
        None,
        12.0,
        150,
        (
            ("mira", "Can I bring five people who draw and one who only eats?"),
            ("yuki", "Everybody eats. Bring old shirts."),
            ("mira", "Is there a wheel that may be drawn on?"),
            ("yuki", "You may draw on anything that has not been fired."),
            ("mira", "That includes you."),
            ("yuki", "I have been fired twice."),
        ),
    ),
    Talk(
        ("ines", "nils"),
        None,
        15.0,
        300,
        (
            ("ines", "Do eiders eat seagrass, or do they only look as though?"),
            ("nils", "They look as though. They are after what lives in it."),
            ("ines", "Do you ever note the tide with your birds?"),
            ("nils", "Every line. Date, quay, tide, mood of the cook."),
            ("ines", "Ten years with tides? I may have a paper for you to be an author of."),
            ("nils", "Only if the cook is one, too."),
        ),
    ),
    Talk(
        ("ada", "ben", "cleo", "dan"),
        "Four people, one tandem",
        1.6,
        35,
        (
            ("dan", "Route, draft three: Kraków, Brno, Dresden, Rostock, ferry, Gothenburg. 1,240 kilometres."),
            ("ben", "How many bakeries?"),
            ("dan", "Thirty-one on the way, plus you."),
            ("cleo", "I need one church and one swimming pool for each country."),
            ("ada", "I need light. So no riding between noon and three."),
            ("dan", "Noon to three is soup."),
            ("ben", "Who sits at the back of the tandem on the first day?"),
            ("cleo", "Whoever asks."),
            ("dan", "@ada, Oskar in Brno has a club room with a floor that we may sleep on. Shall I say yes?"),
            ("ben", "Say yes. I shall pay in buns."),
        ),
        3,
    ),
    Talk(
        ("ada", "leila", "mira"),
        "Poster for the darkroom",
        7.4,
        120,
        (
            ("ada", "We need a poster for Thursdays. I can print it, but I cannot draw it."),
            ("mira", "A gull with a red lamp. Done in my head."),
            ("leila", "Please let the letters breathe, then. Two sizes, not five."),
            ("mira", "The gull needs room as well."),
            ("leila", "The gull gets the top half, and the n gets the rest."),
            ("ada", "It is A3, in one colour, and the colour is black."),
            ("mira", "Sketch by tonight."),
            ("leila", "I have set it three times. The second one is right."),
        ),
    ),
    Talk(
        ("jonas", "dan", "priya", "oskar"),
        "Tatra weekend",
        5.2,
        200,
        (
            ("jonas", "Hut for four is booked, Friday and Saturday. The stove works, the door nearly does."),
            ("oskar", "I bring a board. Travel size."),
            ("priya", "I bring what the slugs left me."),
            ("dan", "I come by bicycle, so save me some soup on Friday."),
            ("jonas", "Weather: clear until two, then not."),
            ("priya", "How not?"),
            ("jonas", "The good kind of not. Leave at six."),
            ("oskar", "Then nobody plays after midnight. I say this now so that you can all forget it."),
        ),
        1,
    ),
)

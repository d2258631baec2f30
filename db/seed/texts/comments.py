"""What people say below posts."""

from typing import NamedTuple


class Thread(NamedTuple):
    """A talk below the post at this place among its author's: a comment, the author's reply, the answer to that."""

    post: int
    by: str
    lines: tuple[str, ...]


def _thread(post: int, by: str, *lines: str) -> Thread:
    return Thread(post, by, lines)


THREADS: dict[str, tuple[Thread, ...]] = {
    "ada": (
        _thread(
            4, "cleo", "Half a second by hand. Show-off.", "Leaning on a lamp post is the secret of all my slow ones."
        ),
        _thread(5, "jonas", "I dropped the roll just watching this.", "So did I, six evenings out of seven."),
        _thread(6, "ben", "My daughter asks whether the gull got the whole sandwich.", "Everything but the crust."),
        _thread(10, "ines", "You can hear the cold in this.", "It was minus six, and the recorder complained as well."),
        _thread(
            12,
            "leila",
            "Twelve minutes at what time of day?",
            "Noon, in June. In November it takes a week.",
            "I have June.",
        ),
        _thread(13, "oskar", "I have watched the bicycle three times. Is it a sculpture?", "It is insured as one."),
        _thread(14, "mira", "Thank you for the number. I have been charging half and crying."),
        _thread(15, "mira", "One fifteenth! I was holding my breath, that is why.", "I know. You went slightly blue."),
        _thread(17, "nils", "They invited me, too. I brought a towel and an excuse.", "The excuse was well exposed."),
        _thread(18, "freya", "The gasp is the best part of the recording."),
        _thread(19, "nils", "I crossed that bridge this morning and did not see any of this."),
        _thread(
            19, "yuki", "Which paper is this? The blacks look like velvet.", "Ilford, the warm one. Come and touch it."
        ),
        _thread(
            20,
            "tomas",
            "I am bringing my grandfather's negatives.",
            "Bring him as well, we have a chair.",
            "He says yes!",
        ),
        _thread(
            20, "nils", "I can look at the ventilation. I keep a ferry breathing.", "Nils, you are hired. Pay is tea."
        ),
        _thread(
            21, "hana", "Printed it in my head already: half a grade softer, and I am keeping it.", "You may be right."
        ),
        _thread(22, "mira", "Please put the fog on the wall.", "It hangs on the left, by the fire hose."),
        _thread(22, "yuki", "Are dogs with opinions welcome?", "Only those."),
        _thread(23, "sam", "The sandwiches were excellent, I am told by my dog."),
    ),
    "ben": (
        _thread(
            2,
            "priya",
            "How long in the fridge if my kitchen is warm?",
            "Half the time. Trust your nose over the clock.",
        ),
        _thread(3, "mira", "I have been kneading for forty minutes. I could have stopped after ten?", "Eight."),
        _thread(5, "tomas", "Two scrapers. You were right, and I hate it."),
        _thread(7, "cleo", "Finally at my speed. Thank you.", "Thank Tomás, he kept asking what I was doing."),
        _thread(8, "ada", "I have told everybody at work about the wall."),
        _thread(
            9, "freya", "Which rye is it? Mine tastes of cardboard.", "Wholemeal from the mill on the hill, a week old."
        ),
        _thread(
            11,
            "yuki",
            "Watched all of it at four in the morning with a baby. We both calmed down.",
            "That is the best review.",
        ),
        _thread(12, "yuki", "A crock that scares nobody costs extra.", "Worth it. He is sensitive."),
        _thread(
            14,
            "priya",
            "It is always the thing that you are sure of.",
            "Always. I have bought a new seal and some humility.",
        ),
        _thread(16, "ada", "I ate more than my fee, to be honest."),
        _thread(
            18, "tomas", "The third one woke the whole house. Good crust, though.", "The alarm is part of the recipe."
        ),
        _thread(
            19,
            "yuki",
            "My grandmother measured with a chipped cup. We broke it, and the cake was gone.",
            "Oh no. Glue?",
        ),
        _thread(20, "ada", "There are none left. I am only reporting."),
        _thread(21, "cleo", "It sings in D minor. I checked.", "Sad loaf, or just rye?", "Rye."),
        _thread(
            22, "sam", "I cannot bake, but I am up at that hour anyway. Do you need a cleaner of tins?", "Come by."
        ),
        _thread(23, "mira", "Forty buns for whom?", "For the darkroom. They outnumber us."),
    ),
    "cleo": (
        _thread(0, "ben", "How is that a car door?", "A Fiat from 1988. It never sounded so good while driving."),
        _thread(2, "mira", "The cupboard is my favourite as well.", "You can hear my coats."),
        _thread(5, "ines", "Done, then good. I have printed this out for my students."),
        _thread(
            10, "sam", "Is that the one at Porta Nuova? I know that groan.", "It is! You take that lift too often."
        ),
        _thread(14, "ben", "I did not know that my bread could be lonely.", "Only when it cools."),
        _thread(15, "ada", "The lifeguard deserves a credit.", "Added. His name is Paolo."),
        _thread(16, "sam", "Nobody writes about the money. Thank you."),
        _thread(
            18, "sam", "All of it, from noon, on Sunday's show. You have been warned.", "I shall ring in as a stranger."
        ),
        _thread(19, "dan", "You do not sound as though you hated it.", "That was the second day. Now it is the third."),
        _thread(20, "ines", "Missed it on purpose to listen to this on the bench."),
        _thread(20, "ada", "It has started to rain. I am going out.", "Run!"),
        _thread(21, "dan", "Take four. Keep take four."),
        _thread(22, "mira", "Does the nun like drones?", "She asked for a longer one."),
        _thread(23, "sam", "One oscillator, and I still hear an orchestra."),
        _thread(
            23, "ada", "The darkroom thanks you. A second safelight is on its way.", "Red is my favourite waveform."
        ),
    ),
    "dan": (
        _thread(0, "ben", "Own lugs! How long did they take?", "Longer than the rest of the bicycle."),
        _thread(3, "jonas", "That fillet is cleaner than my conscience."),
        _thread(4, "priya", "What tyres for the gravel after Miechów?", "Forty-two millimetres, soft, and no hurry."),
        _thread(
            8, "oskar", "Measured with a book, bought the number, and regretted it. The hour is right.", "It always is."
        ),
        _thread(9, "cleo", "D, but a little flat.", "So am I, after the second pass."),
        _thread(11, "cleo", "I really did hit that milk crate."),
        _thread(
            12, "ben", "It steers like a bicycle and brakes like a ship.", "Load it, and it is the other way round."
        ),
        _thread(
            13, "priya", "I lean to the left on every bicycle. Perhaps I own number 17.", "She would never sell it."
        ),
        _thread(15, "oskar", "It was the seatpost.", "It is always the seatpost."),
        _thread(17, "ada", "The brass band on the hill, at the end. I had to sit down."),
        _thread(
            18, "mira", "Your mother is my hero. Please tell her.", "I did. She says that you may carry her shopping."
        ),
        _thread(19, "cleo", "That bell should be on the radio.", "Sam has it already."),
        _thread(21, "jonas", "Three soups is the right number."),
        _thread(22, "jonas", "There is wind here as well, and no valley. I am jealous."),
        _thread(23, "nils", "A barn near Karlskrona: dry loft, wet dog.", "A loft and a dog are all that we ask."),
        _thread(
            23, "oskar", "I have a floor in Brno and a clock, if anybody wants to lose.", "Ada does. She never learns."
        ),
    ),
    "mira": (
        _thread(3, "ada", "I found myself! Third row, with the bag.", "You did have the bag. I remember the bag."),
        _thread(5, "yuki", "Forty legs! My students now draw nothing else.", "Do not let them near a nose."),
        _thread(7, "dan", "I have never looked so round.", "You have never looked so fast."),
        _thread(8, "leila", "The third. It is shouting politely.", "That one is the landlord."),
        _thread(11, "cleo", "I stopped at panel four for ten minutes.", "That panel took a week and one argument."),
        _thread(12, "nils", "I wanted the dragon, to be honest. Then I read the pages."),
        _thread(14, "yuki", "Nobody has ever drawn my wheel with such respect."),
        _thread(15, "ada", "The telephone call in the middle is my favourite panel."),
        _thread(17, "nils", "I have looked at my hands all day.", "They are good hands. They have kept a ferry going."),
        _thread(18, "sam", "I can hear the rain, and there is no sound.", "My neighbours heard the rest."),
        _thread(19, "leila", "The orange. Yes. The orange.", "The orange thanks you."),
        _thread(20, "yuki", "Which plant?", "The fern. It was asked for its opinion too often."),
        _thread(21, "cleo", "How do you decide what to leave white?", "Whatever my hand is too tired for."),
        _thread(22, "leila", "What does it smell of?", "Of never having to draw it again."),
        _thread(23, "nils", "Eighty! The gulls in Gothenburg are shouting your name."),
        _thread(23, "ada", "Sleep well. Then come and let me print the cover.", "In orange?", "In orange."),
    ),
}

# What may be said below any post.
GENERAL: tuple[str, ...] = (
    "I have been thinking about this since the morning.",
    "This is why I still come here.",
    "Could you write more about how you learned it?",
    "Sent this to my sister, who never answers. She answered.",
    "Lovely. I looked twice.",
    "I did not know that I needed to know this.",
    "Is there more of this somewhere?",
    "That made my tram ride.",
    "More of this, please.",
    "Shown to the whole table at breakfast.",
    "You make it look easy, which is how I know that it is not.",
    "Saved for the winter.",
    "I would have walked past it.",
    "That is the best thing I have seen this week, and I was at the zoo.",
    "The second time was even better.",
    "My father would have liked this.",
)

GENERAL_REPLIES: tuple[str, ...] = (
    "Thank you, that means a lot.",
    "I will write it up, give me a rainy Sunday.",
    "It took me three years to make it look like that.",
    "There is more, if you can bear it.",
    "You are very kind.",
)

REPOST_COMMENTS: tuple[str, ...] = (
    "Read this twice.",
    "For everybody who asked me last week.",
    "This, all day.",
    "The best thing on here today.",
    "Take five minutes for this one.",
)

"""The posts of the regular and the new people, oldest first."""

from db.seed.texts.script import PostText, album, clip, film, for_oneself, gallery, image, long, short, song

YUKI: tuple[PostText, ...] = (
    image("A shelf of bowls before the fire. None of them know yet.", "ceramics"),
    clip("Centring", "The whole craft is in these nine seconds. The rest is decoration.", "ceramics howto"),
    gallery("Kiln opened at 4 a.m. Ash glaze on the left, luck on the right.", "ceramics kiln", 4),
    image("Cracked on the foot ring. Drawn at breakfast, thrown at noon, mourned at two.", "ceramics"),
    short("Clay remembers how you felt on Monday.", "ceramics"),
    long(
        "Forty cups, one handle",
        "The handle is the part that you shake hands with. I pulled forty of them this week and kept the cups "
        "waiting under plastic. Thirty-nine looked right. One felt right, and it was the ugliest.\n\n"
        "So now I have thirty-nine handles to make again, from memory, with my eyes closed.",
        "ceramics process",
    ),
    image("The crock for Gerald. Five litres, one smile, no teeth.", "ceramics bread"),
    gallery("Life drawing evening: @mira brought ink, I brought clay. Someone wore both home.", "pottery drawing"),
    clip("Trimming a foot", "Put the sound on, it is the best part.", "ceramics"),
    image("First cups with the new handle. Close your eyes and pick one.", "ceramics"),
)

TOMAS: tuple[PostText, ...] = (
    image("The terrace of La Higuera at five: chairs still wet, figs nearly ready.", "restaurant valencia"),
    clip("How we cut an artichoke", "Two minutes for the artichoke, a week for the fingers.", "kitchen howto"),
    short("We do not take bookings for Thursdays. Thursdays are for whoever walks past.", "restaurant"),
    image("Today's board: three rice dishes, one of them only for people who can wait.", "restaurant rice"),
    long(
        "Why the menu is short",
        "Nine dishes. We had thirty once, and a freezer the size of a van. People read for a quarter of an hour "
        "and then ordered the squid.\n\n"
        "Now the fisherman calls at seven, the gardener at eight, and at nine I write what there is. The squid "
        "is still there, since the squid was never the problem.",
        "restaurant kitchen",
    ),
    clip("Socarrat", "The crust at the bottom of the pan. Listen for it, do not look for it.", "rice kitchen"),
    image("Gerald's first Spanish loaf, with tomato. He has settled in, @ben.", "bread kitchen"),
    short("Lost: one wooden spoon, thirty years old, answers to no name. Reward: dinner.", "kitchen"),
    clip("Closing time", "Four people, seven minutes, a whole kitchen. Nobody speaks, everybody sings.", "restaurant"),
)

SAM: tuple[PostText, ...] = (
    short("On air from eight: two hours of bells, ferries and other people's kitchens.", "radio"),
    album("Sunday Shift, spring", "Jingles and beds from the station, free for any community radio.", "radio", 4),
    long(
        "How to keep a small station on air",
        "You need a transmitter, a licence, and one person with the keys who answers the telephone. The third is "
        "the hard one. We rotate it: a week each, and the keys are on a rubber fish so that nobody can pretend "
        "not to have them.\n\n"
        "In nine years we have been silent for forty-one minutes. Thirty of them were a badger.",
        "radio community",
    ),
    song("Signal Check", "The station's tone, played by a brass quartet who should have known better.", "radio"),
    film("A night at the desk", "One camera, one presenter, eleven requests for the same song.", "radio glasgow"),
    short("If you send us a demo, tell us what you had for breakfast. It helps more than the biography.", "radio"),
    album("Requests, volume two", "What listeners sang down the telephone. They all agreed to it.", "radio", 5),
    long(
        "The request that we never played",
        "Someone rings every second Friday, asks for four minutes of silence, and thanks us politely when we say "
        "no. Silence trips the alarm, and then I have to go to the hill.\n\n"
        "Last Friday we played her the recording of an empty concert hall in Leipzig instead. She rang back: "
        "it was perfect, and could we turn it up?",
        "radio",
    ),
)

INES: tuple[PostText, ...] = (
    clip("A seahorse deciding", "Three minutes of not letting go of a blade of grass.", "ocean ria"),
    long(
        "Counting seahorses",
        "You swim along a line of thirty metres with a slate and you count. It sounds peaceful. In fact your mask "
        "leaks, the slate drifts, and the seahorse looks exactly like everything else.\n\n"
        "This year: nineteen on line four. Last year it was eleven. I have checked the slate six times, "
        "because I would like it to be true.",
        "ocean science",
    ),
    image("Line four at low tide. Flamingos for scale.", "ocean faro"),
    clip("Seagrass from below", "The meadow breathes out at noon. These bubbles are what you are breathing.", "ocean"),
    gallery("School day on the mud flats: twenty-two children, forty-three boots.", "ocean school", 4),
    film("One tide", "Six hours in a quarter of an hour. Watch the left channel.", "ocean ria"),
    long(
        "What a scientist does in the rain",
        "Spreadsheets. The romance of the sea is eleven days a year, and the rest is columns. But when column "
        "F begins to rise for the first time since 2001, one does stand up and walk around the room.\n\n"
        "The paper is written, the reviewers are reading. If you want the data, they are open, as they should be.",
        "science data",
    ),
)

LEILA: tuple[PostText, ...] = (
    long(
        "The letter that nobody thanks",
        "Nobody has ever written to a type designer about the lower-case n. Yet it decides everything: its arch "
        "becomes the h, the m, the u upside down, and the space inside it sets the rhythm of the page.\n\n"
        "I have been drawing one n since March. It is nearly boring enough.",
        "type lettering",
    ),
    short("Kerning is the art of being ashamed of things that nobody else can see.", "type"),
    image("Proof sheet 31. The circled ones are wrong, and so are the others.", "type print"),
    long(
        "Two scripts, one family",
        "My mother writes to me in Persian and I answer in German, on the same telephone, in the same typeface, "
        "and one of us always looks like a guest. That is the whole reason for this project.\n\n"
        "The Arabic was drawn first, for once, and the Latin has to follow it: softer joints, a lower waist. "
        "It is good for the Latin to be the polite one.",
        "type language",
    ),
    for_oneself(short("Comparing two greys at midnight. Send help, or a third grey.", "type")),
    long(
        "How to look at a shop sign",
        "Stand across the street. Cover the name with your thumb and ask what is left: the spacing, the nails, "
        "the shadow of an older sign beneath. That shadow was drawn with a brush by somebody on a ladder.\n\n"
        "Then go in and ask. Nine times out of ten they know the name of the painter.",
        "lettering berlin",
    ),
)

NILS: tuple[PostText, ...] = (
    short("06:10, engine room, first coffee. Two eiders off the bow, not impressed.", "ferry birds"),
    gallery("What a ferry looks like to the people who keep it going.", "ferry", 5),
    clip("Starting the main engine", "Every bolt has a note. When one is flat, you hear it first.", "ferry"),
    long(
        "Birds from a car deck",
        "You have eleven minutes between two quays and a rail to lean on. In ten years that has made four "
        "hundred hours and one hundred and twelve species, most of them facing away.\n\n"
        "The list hangs in the mess. The cook has added the rubber duck of July 2019, and I let it stand.",
        "birds ferry",
    ),
    film("Last crossing of the night", "No talking. The lights of the town go down, the deck hums.", "ferry night"),
    short("White-tailed eagle on the fairway buoy, drying one wing at a time like a deckchair.", "birds"),
)

OSKAR: tuple[PostText, ...] = (
    long(
        "Losing to a nine-year-old",
        "She plays fast, hums, and does not know that her opening is called anything. On move nineteen she put "
        "her bishop down, looked at the window, and said that there was a squirrel.\n\n"
        "There was a squirrel. There was also mate in four. I teach her on Tuesdays, so I claim half.",
        "chess",
    ),
    short("A good board game ends one turn before everybody wants it to.", "games"),
    clip("Mate in four, with squirrel", "Reconstructed from memory. The squirrel is played by a walnut.", "chess"),
    long(
        "Notes on a game about waiting",
        "Players are passengers on a platform. Nobody knows which train is coming, and the only move is to "
        "talk somebody else into leaving. In the first test all six of us sat there and laughed for an hour.\n\n"
        "The second test had rules and was worse. I am taking the rules out again, one by one.",
        "games design",
    ),
    short("Club night on Wednesday. Beginners get the white pieces and the good chair.", "chess brno"),
)

PRIYA: tuple[PostText, ...] = (
    image("Plot 14 on the day I got the key. The shed is structural ivy.", "garden"),
    long(
        "What the allotment taught me about software",
        "You can plan the beds in January as much as you like. In May the slugs do the review. What survives is "
        "what was easy to replant.\n\n"
        "So I deploy on small days now. And I label things, since the me of March has no idea what the me of "
        "October will have forgotten.",
        "garden software",
    ),
    clip("Compost, turned", "Sixty-one degrees in the middle. It steams like a laundry.", "garden howto"),
    gallery("Year one, same corner, four seasons. The chair has not moved, I have not sat in it.", "garden", 4),
    long(
        "A bug that lived for six years",
        "It was a time zone. It is always a time zone. For six years, everybody who was born on the last Sunday "
        "in March got their birthday greeting an hour early, and one of them finally wrote to thank us.\n\n"
        "I fixed it with some regret and wrote her a card, on paper, which arrived late.",
        "software",
    ),
)

JONAS: tuple[PostText, ...] = (
    long(
        "Running after a night shift",
        "At seven the ward is handed over, at half past I am at the cable car, walking up, since the cable car "
        "is for people who have slept. The first kilometre is all names and numbers. By the third they have "
        "sorted themselves.\n\n"
        "I do not run to forget. I run so that the right things stay.",
        "running nursing",
    ),
    clip("Ridge, wind from the left", "Forty metres of path, one metre wide. The dog goes first.", "running mountains"),
    short("Blister report: two. Soup report: also two.", "running"),
    film("The long descent", "1,400 metres down with a camera on the chest. Knees in stereo.", "mountains running"),
    long(
        "What to carry for six hours",
        "A jacket that you hope not to use. Salt. Half as much water as you fear, if you know the springs, and "
        "twice as much if you do not. A whistle. A coin, for the hut with no card reader.\n\n"
        "And the telephone number of somebody who knows where you meant to go.",
        "mountains howto",
    ),
)

FREYA: tuple[PostText, ...] = (
    image("Madder, three baths. The first is brick, the last is a blush.", "wool dye"),
    gallery("Sheep first, jumper last, eleven months between. They are all called Guðrun.", "wool knitting", 5),
    clip("Carding", "It looks like stroking a cloud, and it sounds like a saw.", "wool howto"),
    image("Lichen purple, from wind-fallen branches only. It needed sixteen weeks and some faith.", "dye wool"),
    long(
        "A jumper is a letter",
        "My great-aunt knitted the harbour into the yoke: one row of boats for each that came home. You read it "
        "from the collar down, and there is a row with a gap.\n\n"
        "I am copying it stitch by stitch, gap included. Next winter somebody will wear it to the shop and "
        "not know, and that is fine. The wool knows.",
        "knitting family",
    ),
)

MARCO: tuple[PostText, ...] = (
    short("Clearing out the garage: lenses, tripods, one drum machine. Write to me, quick answer.", "sale"),
    clip("Is this lens real?", "Unboxing. Judge for yourselves.", "sale gear"),
    song("Garage Demo", "Made with the drum machine that is for sale.", "sale demo"),
    long(
        "My shop rules",
        "Payment first, parcel second. No returns, no questions, no calls before noon. Everything is in the "
        "condition that you see in the picture, if the picture is sharp.",
        "sale",
    ),
    album("Garage Tapes", "All demos together. Buy the machine and make your own.", "sale demo", 4),
)

VIKTOR: tuple[PostText, ...] = (
    short("10 000 followers in ten days. Ask me how. #growth", "growth"),
    long(
        "The growth ladder",
        "Step one: follow everybody. Step two: unfollow everybody. Step three: subscribe to my course, where I "
        "tell you about step four.",
        "growth",
    ),
    clip("Morning routine of a winner", "Up at four. Ice. Spreadsheet. Ice.", "growth"),
    song("Hustle Anthem", "Royalty free, attribution required in capitals.", "growth"),
    album("Focus Beats for Founders", "Four loops, the same loop four times.", "growth", 4),
)

HANA: tuple[PostText, ...] = (
    short("Hello! First year of architecture in Nairobi, mostly here for the drawings.", "hello"),
    image("My first site model. The trees are broccoli, and they will not last.", "architecture model"),
    long(
        "Measuring my grandmother's kitchen",
        "For the first assignment we had to measure a room that we love. It is 2.1 by 3.4 metres, and eleven "
        "people eat there on Sundays. On the plan that is impossible.\n\n"
        "The professor asked where the table is. There is no table. There is a door that comes off its hinges.",
        "architecture family",
    ),
)

PIOTR: tuple[PostText, ...] = (
    short("@dan told me to sign up. I have a bicycle, a harmonica and a free August.", "hello"),
)

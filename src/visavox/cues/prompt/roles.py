"""Who somebody is like, and how such a one commonly looks: a robot is unmoved, a salesman enthusiastic. Only where nothing"
" else is said."""

_AS = {
    "friendly": "grandma grandmother granny grandpa grandfather nurse host hostess waiter waitress santa mum mummy mom mommy dad daddy "
                "babysitter nanny angel priest pastor therapist counsellor counselor friend neighbour neighbor stewardess receptionist",
    "enthusiastic": "salesman saleswoman salesperson cheerleader clown influencer youtuber entertainer showman showmaster"
     " commentator fan "
                    "puppy kid toddler elf coach presenter",
    "serious": "robot android statue zombie newsreader anchor anchorman newscaster judge butler undertaker lawyer monk soldier mannequin "
               "cyborg politician professor",
    "stern": "sergeant policeman policewoman cop guard bouncer headmaster headmistress general warrior commander knight drill-sergeant "
             "referee inspector boss warden principal",
    "smug": "villain supervillain snob diva aristocrat dandy con-man gangster mastermind queen-bee cat rockstar",
    "suspicious": "detective spy thief goblin fox crook sheriff",
    "tired": "drunk drunkard sloth insomniac",
    "bored": "teenager slacker cashier clerk",
    "confused": "amnesiac tourist newbie",
    "grumpy": "pirate troll ogre bulldog curmudgeon dwarf",
    "shy": "wallflower introvert mouse",
    "fearful": "coward victim hostage",
    "sad": "widow widower orphan mourner",
    "serene": "yogi buddha saint guru",
}  # fmt: skip
_ROLE = {role: seems for seems, roles in _AS.items() for role in roles.split()}


def seems_like(word: str) -> str | None:
    """How one commonly looks who is a `word`; None for whom nothing is known of."""
    return _ROLE.get(word) or _ROLE.get(word.removesuffix("s"))

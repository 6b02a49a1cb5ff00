"""Made-up sentences of Mandarin in the alphabet of Kokoro-82M: common words of pinyin, strung together without a grammar.

A syllable of pinyin is an initial and a final and ends in its tone, 1 to 4 or 5 for none. What Kokoro calls them was read off its
alphabet, which is IPA but for the affricates and the arrows of the tones.
"""

import re
from random import Random

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}
INITIALS = dict(
    pair.split("=") for pair in "b=p p=pʰ m=m f=f d=t t=tʰ n=n l=l g=k k=kʰ h=x j=ʨ q=ʨʰ x=ɕ zh=ꭧ ch=ꭧʰ sh=ʂ r=ɻ z=ʦ c=ʦʰ s=s".split()
)
FINALS = dict(
    pair.split("=")
    for pair in (
        "a=a o=wo e=ɤ ai=aɪ ei=eɪ ao=aʊ ou=oʊ an=an en=ən ang=aŋ eng=əŋ ong=ʊŋ er=ɚ i=i ia=ja ie=je iao=jaʊ iu=joʊ ian=jɛn in=in "
        "iang=jaŋ ing=iŋ iong=jʊŋ u=u ua=wa uo=wo uai=waɪ ui=weɪ uan=wan un=wən uang=waŋ v=y ve=ɥe van=ɥɛn vn=yn"
    ).split()
)
ALONE = dict(  # syllables without an initial, which are spelled otherwise
    pair.split("=")
    for pair in (
        "yi=i ya=ja ye=je yao=jaʊ you=joʊ yan=jɛn yin=in yang=jaŋ ying=iŋ yong=jʊŋ wu=u wa=wa wo=wo wai=waɪ wei=weɪ wan=wan wen=wən "
        "wang=waŋ weng=wəŋ yu=y yue=ɥe yuan=ɥɛn yun=yn"
    ).split()
)
HISSED = "ɨ"  # the vowel of si and shi, which is written i
WORDS = """wo3men5 ni3men5 ta1 zhe4ge5 na4ge5 shen2me5 jin1tian1 ming2tian1 zuo2tian1 xian4zai4 peng2you5 lao3shi1 xue2sheng5 gong1zuo4
gong1si1 fei1ji1 huo3che1 bei3jing1 shang4hai3 guang3zhou1 mei3guo2 zhong1guo2 fa3guo2 ying1yu3 han4yu3 chi1fan4 he1shui3 mi3fan4 mian4bao1
ping2guo3 niu2nai3 ka1fei1 cha2bei1 ba4ba5 ma1ma5 ge1ge5 di4di5 jie3jie5 mei4mei5 hai2zi5 nv3er2 fang2zi5 men2kou3 chuang1hu5 ma3lu4
gao1xing4 kuai4le4 piao4liang5 hao3kan4 hen3da4 bu4xiao3 hen3duo1 bi3jiao4 tian1qi4 xia4yu3 gua1feng1 tai4yang2 yue4liang5 xing1xing5
chun1tian1 xia4tian1 qiu1tian1 dong1tian1 kai1shi3 jie2shu4 ren4wei2 jue2de5 xi3huan5 xiang3yao4 ke3yi3 ying1gai1 bi4xu1 neng2gou4 wen4ti2
ban4fa3 yi4si5 shi2jian1 di4fang5 dong1xi5 shou3ji1 dian4nao3 dian4shi4 bao4zhi3 yin1yue4 dian4ying3 yun4dong4 pao3bu4 you2yong3 pa2shan1
lv3xing2 mai3cai4 chao1shi4 yi1yuan4 yi1sheng1 shen1ti3 jian4kang1 jing1ji4 she4hui4 wen2hua4 li4shi3 ke1xue2 ji4shu4 fa1zhan3 gai3bian4
bang1zhu4 mian4dui4 pei2ban4 biao3da2 bao3hu4 fu4mu3 fa1xian4 fen1xiang3 feng1fu4 pu3tong1 po4huai4 mo4mo4 mu4biao1 bo2wu4guan3""".split()


def spoken(word: str) -> str:
    """The symbols of a `word` of pinyin such as "zhong1guo2"."""
    return "".join(_syllable(letters) + TONES[tone] for letters, tone in re.findall(r"([a-z]+)(\d)", word))


def sentences(random: Random) -> str:
    """The symbols of two or three sentences of one to three phrases, with their punctuation."""
    made = []
    for _ in range(random.randint(2, 3)):
        phrases = [" ".join(spoken(random.choice(WORDS)) for _ in range(random.randint(2, 5))) for _ in range(random.randint(1, 3))]
        made.append(", ".join(phrases) + random.choice("..!?"))
    return " ".join(made)


def _syllable(letters: str) -> str:
    if letters in ALONE:
        return ALONE[letters]
    initial = next((each for each in (letters[:2], letters[:1]) if each in INITIALS), "")
    final = letters[len(initial) :]
    if initial in ("j", "q", "x") and final.startswith("u"):
        final = "v" + final[1:]
    if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
        return INITIALS[initial] + HISSED
    return INITIALS.get(initial, "") + FINALS[final]

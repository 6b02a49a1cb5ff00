"""The names that the shapes of well-known families of characters really have, for tests."""

from visavox.rigs.arkit import SHAPES
from visavox.rigs.visemes import VISEMES

OCULUS = [f"viseme_{name}" for name in "sil PP FF TH DD kk CH SS nn RR aa E I O U".split()]
READY_PLAYER_ME = [*SHAPES, *OCULUS, *"mouthOpen mouthSmile eyesClosed eyesLookUp eyesLookDown".split()]
VROID = [
    f"Fcl_{name}"
    for name in "ALL_Neutral ALL_Angry ALL_Fun ALL_Joy ALL_Sorrow ALL_Surprised BRW_Angry BRW_Fun BRW_Joy BRW_Sorrow BRW_Surprised "
    "EYE_Natural EYE_Angry EYE_Close EYE_Close_R EYE_Close_L EYE_Fun EYE_Joy EYE_Joy_R EYE_Joy_L EYE_Sorrow EYE_Surprised "
    "EYE_Spread EYE_Iris_Hide "
    "EYE_Highlight_Hide MTH_Close MTH_Up MTH_Down MTH_Angry MTH_Small MTH_Large MTH_Neutral MTH_Fun MTH_Joy MTH_Sorrow MTH_Surprised "
    "MTH_SkinFung MTH_SkinFung_R MTH_SkinFung_L MTH_A MTH_I MTH_U MTH_E MTH_O HA_Hide HA_Fung1 HA_Short".split()
]
VROID_OLD = [f"Face.M_F00_000_00_{name}" for name in VROID]
CREATOR_3 = (
    "Brow_Raise_L Brow_Raise_R Brow_Drop_L Brow_Drop_R Eye_Blink Eye_Blink_L Eye_Blink_R Eye_Wide_L Eye_Wide_R Eye_Squint_L Eye_Squint_R "
    "Cheek_Raise_L Cheek_Raise_R Cheek_Blow_L Cheek_Blow_R Nose_Scrunch Mouth_Open Mouth_Smile Mouth_Smile_L Mouth_Smile_R Mouth_Frown "
    "Mouth_Frown_L Mouth_Frown_R Mouth_Blow Mouth_Pucker Mouth_Pucker_Open Mouth_Widen Mouth_Widen_Sides Mouth_Dimple_L Mouth_Dimple_R "
    "Mouth_Plosive Mouth_Lips_Tight Mouth_Lips_Tuck Mouth_Lips_Open Mouth_Lips_Part Mouth_Bottom_Lip_Down Mouth_Top_Lip_Up Mouth_Up "
    "Mouth_Down Mouth_L Mouth_R Open Explosive Dental_Lip Tight_O Tight Wide Affricate Lip_Open Merged_Open_Mouth"
).split()
CREATOR_4 = (
    "Brow_Raise_Inner_L Brow_Raise_Inner_R Brow_Raise_Outer_L Brow_Raise_Outer_R Brow_Drop_L Brow_Drop_R Brow_Compress_L Brow_Compress_R "
    "Eye_Blink_L Eye_Blink_R Eye_Squint_L Eye_Squint_R Eye_Wide_L Eye_Wide_R Eye_L_Look_L Eye_R_Look_L Eye_L_Look_R Eye_R_Look_R "
    "Eye_L_Look_Up Eye_R_Look_Up Eye_L_Look_Down Eye_R_Look_Down Eyelash_Upper_Up_L Eyelash_Lower_Down_R Nose_Sneer_L Nose_Sneer_R "
    "Nose_Nostril_Raise_L Nose_Crease_R Cheek_Raise_L Cheek_Raise_R Cheek_Suck_L Cheek_Suck_R Cheek_Puff_L Cheek_Puff_R Mouth_Smile_L "
    "Mouth_Smile_R Mouth_Smile_Sharp_L Mouth_Smile_Sharp_R Mouth_Frown_L Mouth_Frown_R Mouth_Stretch_L Mouth_Stretch_R Mouth_Dimple_L "
    "Mouth_Dimple_R Mouth_Press_L Mouth_Press_R Mouth_Tighten_L Mouth_Tighten_R Mouth_Blow_L Mouth_Blow_R Mouth_Pucker_Up_L "
    "Mouth_Pucker_Up_R Mouth_Pucker_Down_L Mouth_Pucker_Down_R Mouth_Funnel_Up_L Mouth_Funnel_Up_R Mouth_Funnel_Down_L "
    "Mouth_Funnel_Down_R Mouth_Roll_In_Upper_L Mouth_Roll_In_Upper_R Mouth_Roll_In_Lower_L Mouth_Roll_In_Lower_R Mouth_Roll_Out_Upper_L "
    "Mouth_Push_Upper_L Mouth_Pull_Lower_R Mouth_Up Mouth_Down Mouth_L Mouth_R Mouth_Upper_L Mouth_Lower_R Mouth_Shrug_Upper "
    "Mouth_Shrug_Lower Mouth_Drop_Upper Mouth_Up_Upper_L Mouth_Up_Upper_R Mouth_Down_Lower_L Mouth_Down_Lower_R Mouth_Chin_Up "
    "Mouth_Close "
    "Mouth_Contract Jaw_Open Jaw_Forward Jaw_Backward Jaw_L Jaw_R Jaw_Up Jaw_Down Tongue_Out Head_Turn_L V_Open V_Explosive V_Dental_Lip "
    "V_Tight_O V_Tight V_Wide V_Affricate V_Lip_Open Mouth_Open Merged_Open_Mouth Eye_Blink Mouth_Smile Cheek_Puff"
).split()
METAHUMAN = [
    f"CTRL_expressions_{name}"
    for name in "browDownL browDownR browLateralL browRaiseInL browRaiseInR browRaiseOuterL browRaiseOuterR eyeBlinkL eyeBlinkR "
    "eyeLidPressL eyeWidenL eyeWidenR eyeSquintInnerL eyeSquintInnerR eyeCheekRaiseL eyeCheekRaiseR eyeLookUpL eyeLookUpR "
    "eyeLookDownL eyeLookDownR "
    "eyeLookLeftL eyeLookLeftR eyeLookRightL eyeLookRightR noseWrinkleL noseWrinkleR noseWrinkleUpperL mouthCheekBlowL mouthCheekBlowR "
    "mouthCheekSuckL mouthUp mouthDown mouthLeft mouthRight mouthUpperLipRaiseL mouthUpperLipRaiseR mouthLowerLipDepressL "
    "mouthLowerLipDepressR mouthCornerPullL mouthCornerPullR mouthStretchL mouthStretchR mouthDimpleL mouthDimpleR mouthCornerDepressL "
    "mouthCornerDepressR mouthPressUL mouthPressUR mouthPressDL mouthPressDR mouthLipsPurseUL mouthLipsPurseUR mouthLipsPurseDL "
    "mouthLipsPurseDR mouthFunnelUL mouthFunnelUR mouthFunnelDL mouthFunnelDR mouthLipsTogetherUL mouthLipsTogetherUR "
    "mouthLipsTogetherDL "
    "mouthLipsTogetherDR mouthUpperLipBiteL mouthUpperLipBiteR mouthLowerLipBiteL mouthLowerLipBiteR mouthUpperLipRollInL "
    "mouthUpperLipRollInR mouthLowerLipRollInL mouthLowerLipRollInR tongueOut jawOpen jawLeft jawRight jawFwd jawBack jawChinRaiseDL "
    "jawChinRaiseDR jawChinRaiseUL jawChinRaiseUR".split()
]
FACESHIFT = (
    "EyeBlink_L EyeBlink_R EyeSquint_L EyeSquint_R EyeDown_L EyeDown_R EyeIn_L EyeIn_R EyeOpen_L EyeOpen_R EyeOut_L EyeOut_R EyeUp_L "
    "EyeUp_R BrowsD_L BrowsD_R BrowsU_C BrowsU_L BrowsU_R JawFwd JawLeft JawOpen JawChew JawRight MouthLeft MouthRight "
    "MouthFrown_L MouthFrown_R "
    "MouthSmile_L MouthSmile_R MouthDimple_L MouthDimple_R LipsStretch_L LipsStretch_R LipsUpperClose LipsLowerClose LipsUpperUp "
    "LipsLowerDown LipsUpperOpen LipsLowerOpen LipsFunnel LipsPucker ChinLowerRaise ChinUpperRaise Sneer Puff CheekSquint_L CheekSquint_R"
).split()
_DAZ = (
    "EyeBlink EyeLookDown EyeLookIn EyeLookOut EyeLookUp EyeSquint EyelidOpenUpper EyelidOpenLower MouthCloseLower MouthCloseUpper "
    "MouthFunnelLower MouthFunnelUpper MouthPurseLower MouthPurseUpper MouthSmile MouthFrown MouthDimple MouthStretch MouthRollLower "
    "MouthRollUpper MouthShrugLower MouthShrugUpper MouthPressLower MouthPressUpper MouthLowerDown MouthUpperUp BrowDown BrowInnerUp "
    "BrowOuterUp CheekPuff CheekSquint NoseSneer"
).split()
DAZ = [f"facs_bs_{name}{side}_div2" for name in _DAZ for side in ("Left", "Right")]
DAZ += "facs_bs_JawOpen facs_jnt_JawOpen facs_bs_JawLeft facs_bs_JawRight facs_bs_MouthLeft facs_bs_MouthRight facs_bs_TongueOut".split()
DAZ += "facs_cbs_MouthSmileLeft_JawOpen facs_ctrl_EyeBlink facs_ctrl_MouthSmile".split()
VRCHAT = [*(f"vrc.v_{name}" for name in VISEMES), "vrc.blink", "A", "I", "U", "E", "O", "JawOpen", "MouthClosed", "Blink_L", "Blink_R"]
FACS = "AU01 AU02_L AU02_R AU04 AU05 AU06 AU07 AU09 AU10 AU12 AU12_L AU12_R AU15 AU17 AU18 AU20 AU22 AU24 AU26 AU27 AU34 AU43 AU45".split()
COPIES = [*SHAPES, *(f"{name}.001" for name in SHAPES), *(f"Head|{name}" for name in SHAPES), *(f"CTRL_expressions_{n}" for n in SHAPES)]

FAMILIES = {
    "Ready Player Me": READY_PLAYER_ME, "VRoid": VROID, "VRoid in VRM 0": VROID_OLD, "Character Creator 3": CREATOR_3,
    "Character Creator 4": CREATOR_4, "MetaHuman": METAHUMAN, "faceshift": FACESHIFT, "Daz": DAZ, "VRChat": VRCHAT, "FACS": FACS,
    "copies": COPIES, "everything": [*READY_PLAYER_ME, *VROID, *CREATOR_4, *METAHUMAN, *FACESHIFT, *DAZ, *VRCHAT, *FACS],
}  # fmt: skip
STILL = {  # the ARKit shapes that a family has nothing for
    "Ready Player Me": set(), "copies": set(), "everything": set(),
    "Character Creator 4": set(), "MetaHuman": set(),
    "faceshift": set("mouthClose mouthPressLeft mouthPressRight tongueOut".split()),
    "Daz": {"jawForward"},
}  # fmt: skip

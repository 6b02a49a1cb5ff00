"""An XMP packet with what a file says about its making, and the box that holds it in an .mp4: what photo and video tools read as metadata.

Source: the XMP specification, part 3 (ISO base media files: a `uuid` box), and IPTC's Iptc4xmpExt:DigitalSourceType.
"""

import json
import re
from html import escape
from uuid import UUID

XMP_BOX = UUID("be7acfcb-97a9-42e8-9c71-999491e3afac").bytes
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "visavox": "urn:visavox:provenance:1",
}
PROPERTIES = {  # by the names of `visavox.provenance`
    "digital_source_type": "Iptc4xmpExt:DigitalSourceType",
    "generator": "xmp:CreatorTool",
    "source": "dc:source",
    "style": "visavox:style",
    "seed": "visavox:seed",
    "checkpoint": "visavox:checkpoint",
    "consent": "visavox:consent",
}


def xmp_packet(provenance: dict) -> bytes:
    """The packet, UTF-8: a property for each name that PROPERTIES knows, and all of it as JSON in `visavox:provenance`."""
    stated = {tag: str(provenance[name]) for name, tag in PROPERTIES.items() if name in provenance}
    stated["visavox:provenance"] = json.dumps(provenance, sort_keys=True)
    body = "".join(f"<{tag}>{escape(NOT_XML.sub(' ', text), quote=False)}</{tag}>" for tag, text in stated.items())
    spaces = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in SPACES.items())
    described = f'<rdf:RDF{spaces}><rdf:Description rdf:about="">{body}</rdf:Description></rdf:RDF>'
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{described}</x:xmpmeta>'
    return f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{packet}<?xpacket end="r"?>'.encode()


def xmp_box(provenance: dict) -> bytes:
    """The packet as a box that may stand at the end of an .mp4: size, "uuid", the number of XMP, packet."""
    packet = xmp_packet(provenance)
    return (8 + len(XMP_BOX) + len(packet)).to_bytes(4, "big") + b"uuid" + XMP_BOX + packet

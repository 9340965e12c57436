"""Reads the golden vectors by docs/wire-format.md alone: a second implementation of format 0.

Usage: second_reader.py    Needs the packages blake3, pynacl, zstandard and cryptography.

Covers what is derived, sealed, signed, batched, bundled, sent over a link and shown as codes that
follow one another. Written from the document and
not from the code, so that a place where the two disagree, or where the document leaves something
out, shows here.
"""

import struct
from pathlib import Path

from blake3 import blake3
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from nacl import bindings
from nacl.signing import SigningKey, VerifyKey
from zstandard import ZstdDecompressor

CORE = Path(__file__).resolve().parent.parent / "core"
DAY_MS = 24 * 60 * 60 * 1000
SAID_MAX = 4 * 1024 * 1024
UNOPENED_KINDS = (4, 5)


def vectors(path):
    lines = (CORE / path).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): bytes.fromhex(value) for name, value in pairs}


def keyed(key, *parts):
    return blake3(b"".join(parts), key=key).digest()


def derive(context, data):
    return blake3(data, derive_key_context="teilgeber 0 " + context)


def domain(name):
    return b"teilgeber 0 " + name.encode()


def x25519(secret, public):
    key = X25519PrivateKey.from_private_bytes(secret)
    return key.exchange(X25519PublicKey.from_public_bytes(public))


def hmac_sha256(key, data):
    mac = hmac.HMAC(key, hashes.SHA256())
    mac.update(data)
    return mac.finalize()


def sha256(data):
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()


class Space:
    """A space key and what is derived from it."""

    def __init__(self, key):
        self.sealing, self.nonce, self.ids, self.proof, self.carry, admission = (
            derive(f"space {name} key", key).digest()
            for name in ("sealing", "nonce", "id", "proof", "carry", "admission")
        )
        self.admission = SigningKey(admission)
        self.id = bytes(self.admission.verify_key)

    def seal(self, context, plaintext):
        length = len(context).to_bytes(8, "big")
        nonce = keyed(self.nonce, length, context, plaintext)[:24]
        return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            plaintext, context, nonce, self.sealing
        )

    def open(self, context, payload):
        plaintext = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            payload[24:], context, payload[:24], self.sealing
        )
        assert self.seal(context, plaintext) == payload
        return plaintext

    def document(self, origin, noun, *parts):
        return keyed(self.ids, bytes([origin, noun]), *parts)

    def seal_binding(self, author, plain):
        return self.seal(domain("sealed binding") + author, plain)


class Reader:
    """Reads fields from the front of bytes."""

    def __init__(self, data):
        self.data = data

    def take(self, length):
        assert length <= len(self.data)
        taken, self.data = self.data[:length], self.data[length:]
        return taken

    def u8(self):
        return self.take(1)[0]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            assert byte != 0 or shift == 0
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def sized(self):
        return self.take(self.varint())

    def end(self):
        assert self.data == b""


class Header:
    """The 176 bytes that an id is the hash of."""

    def __init__(self, kind, space, document, author, seq, prev, time, length=0, digest=b""):
        self.kind, self.space, self.document, self.author = kind, space, document, author
        self.seq, self.prev, self.time = seq, prev, time
        self.length, self.digest = length, digest

    @classmethod
    def decode(cls, data):
        read = Reader(data)
        assert read.u8() == 0
        number = lambda length: int.from_bytes(read.take(length), "big")
        header = cls(
            read.u8(), read.take(32), read.take(32), read.take(32), number(4), read.take(32),
            number(6), number(4), read.take(32),
        )
        read.end()
        return header

    def context(self):
        return b"".join([
            bytes([0, self.kind]), self.space, self.document, self.author,
            struct.pack(">I", self.seq), self.prev, self.time.to_bytes(6, "big"),
        ])

    def encode(self):
        return self.context() + struct.pack(">I", self.length) + self.digest

    def id(self):
        return blake3(self.encode()).digest()

    def set_payload(self, payload):
        self.length, self.digest = len(payload), blake3(payload).digest()


def check_signature(key, name, message, signature):
    VerifyKey(key).verify(domain(name) + message, signature)


def check_binding(space, author, plain):
    read = Reader(plain)
    form, person = read.u8(), read.take(32)
    signer = person
    if form == 2:
        signer = read.take(32)
        check_signature(person, "device", signer, read.take(64))
    check_signature(signer, "binding", space + author, read.take(64))
    read.end()
    return person


def check_keys():
    v = vectors("entry/vectors/keys.txt")
    space = Space(v["space_key"])
    assert (space.id, space.sealing, space.nonce) == (v["space"], v["sealing_key"], v["nonce_key"])
    assert (space.ids, space.proof, space.carry) == (v["id_key"], v["proof_key"], v["carry_key"])
    for role in (0, 1):
        on_link = v["handshake_hash"] + bytes([role])
        assert keyed(space.carry, on_link)[:8] == v[f"blinded_name_{role}"]
        assert keyed(space.proof, on_link) == v[f"proof_{role}"]
    author, person, device = (SigningKey(v[f"{who}_seed"]) for who in ("author", "person", "device"))
    public = bytes(author.verify_key)
    assert public == v["author"] and bytes(person.verify_key) == v["person"]
    sign = lambda key, name, message: key.sign(domain(name) + message).signature
    assert sign(space.admission, "admission", public) == v["admission"]
    assert sign(author, "author on link", v["handshake_hash"]) == v["author_on_link"]
    assert sign(person, "device", bytes(device.verify_key)) == v["device_signature"]
    host = SigningKey(v["host_seed"])
    assert bytes(host.verify_key) == v["host"]
    asked = derive("host asked on link", v["host"] + v["handshake_hash"]).digest()
    assert asked == v["host_asked_on_link"]
    assert sign(host, "host on link", v["handshake_hash"]) == v["host_on_link"]
    letter_key = X25519PrivateKey.from_private_bytes(v["letter_key"])
    assert letter_key.public_key().public_bytes_raw() == v["letter_public"]


def check_header():
    v = vectors("entry/vectors/header.txt")
    header = Header.decode(v["header"])
    assert bytes([header.kind]) == v["kind"] and header.document == v["document"]
    assert header.seq == int.from_bytes(v["seq"], "big")
    assert header.time == int.from_bytes(v["time"], "big")
    assert header.encode() == v["header"] and header.id() == v["id"]


def check_bindings():
    v = vectors("entry/vectors/bindings.txt")
    space = Space(v["space_key"])
    for form in ("direct", "via_device"):
        check_binding(space.id, v["author"], v[f"{form}_plain"])
        sealed = space.seal_binding(v["author"], v[f"{form}_plain"])
        assert sealed == v[f"{form}_sealed"] and blake3(sealed).digest() == v[f"{form}_hash"]


def check_documents():
    v = vectors("entry/vectors/documents.txt")
    space, noun = Space(v["space_key"]), v["noun"][0]
    of = lambda origin, *parts: space.document(origin, noun, *parts)
    assert of(1, v["author"], v["seq"]) == v["made"]
    for generation in (0, 300):
        expected = v[f"singleton_generation_{generation}"]
        assert of(2, v["person"], struct.pack(">I", generation)) == expected
    assert of(3, v["parent"], bytes(4)) == v["attached_generation_0"]


def check_entries():
    v = vectors("entry/vectors/entries.txt")
    space = Space(v["space_key"])
    prev = blake3(v["change_binding"]).digest()
    check_signature(space.id, "admission", bytes(SigningKey(v["author_seed"]).verify_key),
                    v["change_admission"])
    for name in (key[:-7] for key in v if key.endswith("_header")):
        header = Header.decode(v[f"{name}_header"])
        assert header.id() == v[f"{name}_id"] and header.prev == prev
        check_signature(header.author, "entry", header.id(), v[f"{name}_signature"])
        payload = v[f"{name}_payload"]
        assert (header.length, header.digest) == (len(payload), blake3(payload).digest())
        if header.kind not in UNOPENED_KINDS:
            plaintext = v[f"{name}_blind"] + v[f"{name}_content"]
            assert space.open(header.context(), payload) == plaintext
            assert space.seal(header.context(), plaintext) == payload
        prev = header.id()


def check_fingerprints():
    v = vectors("entry/vectors/fingerprints.txt")
    lanes = [0] * 1024
    fingerprint = lambda: derive("set fingerprint", struct.pack("<1024H", *lanes)).digest()
    assert fingerprint() == v["of_none"]
    for at, name in enumerate(("of_one", "of_two", "of_three"), start=1):
        element = struct.unpack("<1024H", derive("set element", v[f"id_{at}"]).digest(2048))
        lanes = [(lane + more) % 65536 for lane, more in zip(lanes, element)]
        assert fingerprint() == v[name]


def open_hpke(secret, info, aad, sealed):
    """RFC 9180, base mode, one message: DHKEM(X25519), HKDF-SHA256, ChaCha20-Poly1305."""
    suite_kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x03"

    def extract(suite, salt, label, data):
        return hmac_sha256(salt or bytes(32), b"HPKE-v1" + suite + label + data)

    def expand(suite, secret, label, data, length):
        data = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + data
        return hmac_sha256(secret, data + b"\x01")[:length]

    encapsulated, ciphertext = sealed[:32], sealed[32:]
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    shared = extract(suite_kem, b"", b"eae_prk", x25519(secret, encapsulated))
    shared = expand(suite_kem, shared, b"shared_secret", encapsulated + public, 32)
    schedule = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(
        suite, b"", b"info_hash", info
    )
    secret = extract(suite, shared, b"secret", b"")
    key = expand(suite, secret, b"key", schedule, 32)
    nonce = expand(suite, secret, b"base_nonce", schedule, 12)
    return ChaCha20Poly1305(key).decrypt(nonce, ciphertext, aad)


def check_letters():
    v = vectors("entry/vectors/letters.txt")
    reader = X25519PrivateKey.from_private_bytes(v["letter_key"]).public_key().public_bytes_raw()
    for form, name in enumerate(("anonymous", "person", "device")):
        header, payload = Header.decode(v[f"{name}_header"]), v[f"{name}_payload"]
        assert header.id() == v[f"{name}_id"] and header.time % DAY_MS == 0
        assert len(payload) in (1024, 4096, 16384)
        check_signature(header.author, "entry", header.id(), v[f"{name}_signature"])
        aad = bytes([header.kind]) + header.space + header.author + header.time.to_bytes(6, "big")
        info = domain("letter seal") + header.space
        read = Reader(open_hpke(v["letter_key"], info, aad, payload))
        assert read.u8() == form
        if form:
            signer, answer_to = read.take(32), read.take(32)
            assert (signer, answer_to) == (v["person"], v["answer_to"])
            if form == 2:
                device = read.take(32)
                check_signature(signer, "device", device, read.take(64))
                signer = device
            signature = read.take(64)
        topic, body = read.take(1), read.sized()
        assert body == b"See you at the next one." and not any(read.data)
        if form:
            message = header.space + reader + header.author + answer_to + topic + body
            check_signature(signer, "letter", message, signature)
    with_work = Header.decode(v["anonymous_with_work_header"])
    assert with_work.id() == v["anonymous_with_work_id"] < v["anonymous_id"]


class Batch:
    """Unpacks a batch; what was left out is computed."""

    def __init__(self, data, space):
        raw = Reader(data)
        assert raw.u8() == 0
        self.opened, self.space, self.time, self.raw = raw.u8() == 1, space, 0, raw
        self.admitted = 0
        length = raw.varint()
        assert length <= SAID_MAX
        said = ZstdDecompressor().decompress(raw.sized(), max_output_size=length)
        assert len(said) == length
        self.contents = Reader(said)
        self.heads = Reader(self.contents.sized())

    def entries(self):
        for _ in range(self.heads.varint()):
            yield from self.run()
        for part in (self.heads, self.contents, self.raw):
            part.end()

    def run(self):
        first, count = self.heads.varint(), self.heads.varint()
        author, person, document = self.raw.take(32), None, None
        form = self.heads.u8() if first == 1 else None
        sealed_length = self.heads.varint() if form == 3 else 0
        admitted = self.heads.u8() if first == 1 else 0
        is_letter = self.heads.data[0] == 5
        prev = self.raw.take(32) if first != 1 or is_letter else None
        if form in (1, 2):
            plain = bytes([form]) + self.raw.take(96 if form == 1 else 192)
            person = check_binding(self.space.id, author, plain)
            prev = blake3(self.space.seal_binding(author, plain)).digest()
        elif form == 3:
            prev = blake3(self.raw.take(sealed_length)).digest()
        elif form == 0 and not is_letter:
            prev = blake3(b"").digest()
        self.admitted += admitted
        if admitted:
            check_signature(self.space.id, "admission", author, self.raw.take(64))
        for seq in range(first, first + count):
            header = self.entry(author, seq, prev, person, document)
            prev, document = header.id(), header.document
            yield header

    def entry(self, author, seq, prev, person, document):
        kind, shape, delta = self.heads.u8(), self.heads.u8(), self.heads.varint()
        self.time += delta // 2 if delta % 2 == 0 else -(delta // 2) - 1
        length = self.heads.varint()
        document = (bytes(32), document, None, None)[shape & 3]
        if shape & 3 == 3:
            document = self.raw.take(32)
        header = Header(kind, self.space.id, document, author, seq, prev, self.time)
        if shape >> 2 == 0:
            header.length, header.digest = length, self.raw.take(32)
        elif shape >> 2 == 1:
            blind, content = self.raw.take(16), self.contents.take(length)
            if shape & 3 == 2:
                header.document = self.by_origin(Reader(content), author, seq, person)
            header.set_payload(self.space.seal(header.context(), blind + content))
        else:
            header.set_payload(self.raw.take(length))
        check_signature(author, "entry", header.id(), self.raw.take(64))
        return header

    def by_origin(self, content, author, seq, person):
        noun, origin = content.u8(), content.u8()
        if origin == 1:
            return self.space.document(1, noun, author, struct.pack(">I", seq))
        of = person if origin == 2 else content.take(32)
        return self.space.document(origin, noun, of, struct.pack(">I", content.varint()))


def check_batches():
    v = vectors("entry/vectors/batches.txt")
    ids = [v[f"id_{at}"] for at in range(1, 16)]
    for form in ("sealed", "opened"):
        batch = Batch(v[form], Space(v["space_key"]))
        assert batch.opened == (form == "opened")
        assert [header.id() for header in batch.entries()] == ids


def sections_of(data):
    read = Reader(data)
    beginning = read.take(9)
    assert beginning == b"\x89TGB\r\n\x1a\n\x00"
    assert blake3(beginning).digest()[:7] == read.take(7)
    number = 0
    while True:
        said = read.take(61)
        assert said[:4] == b"\x89TS\x00" and blake3(said).digest()[:8] == read.take(8)
        kind, at, length = said[4], int.from_bytes(said[5:9], "big"), int.from_bytes(said[9:13], "big")
        body = read.take(length)
        assert at == number and blake3(body).digest()[:16] == said[45:]
        if kind == 0:
            assert not any(said[13:45]) and length == 0
            return read.end()
        yield kind, said[:9], said[13:21], said[21:45], body
        number += 1


def check_bundle():
    v = vectors("entry/vectors/bundle.txt")
    space, kinds = Space(v["space_key"]), []
    ids = [value for name, value in v.items() if name.startswith("id_")]
    keys = {1: derive("space bundle key", v["space_key"]), 2: derive("carry bundle key", space.carry)}
    for kind, associated, name, nonce, body in sections_of(v["bundle"]):
        assert keyed(space.carry, derive("bundle section", nonce).digest(), b"\x00")[:8] == name
        batch = Batch(bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            body, associated, nonce, keys[kind].digest()
        ), space)
        assert batch.opened == (kind == 1)
        assert [header.id() for header in batch.entries()] == ids
        assert batch.admitted == 1
        kinds.append(kind)
    assert kinds == [1, 2]


def check_link():
    v = vectors("link/vectors/link-0.txt")
    first, second = v["initiator.first_bytes"], v["responder.first_bytes"]
    assert first[:5] == second[:5] == b"TLGB\x00"
    mix = lambda h, data: sha256(h + data)

    def hkdf(key, data):
        temporary = hmac_sha256(key, data)
        one = hmac_sha256(temporary, b"\x01")
        return one, hmac_sha256(temporary, one + b"\x02")

    # The name of the protocol is exactly as long as a hash, so it is its own.
    chaining = h = b"Noise_NN_25519_ChaChaPoly_SHA256"
    for part in (first[:5] + second[:5], first[5:], b"", second[5:37]):
        h = mix(h, part)
    shared = x25519(v["initiator.ephemeral_secret"], second[5:37])
    chaining, key = hkdf(chaining, shared)
    assert ChaCha20Poly1305(key).decrypt(bytes(12), second[37:], h) == b""
    assert mix(h, second[37:]) == v["handshake_hash"]
    for side, key in zip(("initiator", "responder"), hkdf(chaining, b"")):
        number = 0
        while f"{side}.frame_{number}.wire" in v:
            wire = v[f"{side}.frame_{number}.wire"]
            assert int.from_bytes(wire[:2], "big") == len(wire) - 2
            nonce = bytes(4) + number.to_bytes(8, "little")
            plain = ChaCha20Poly1305(key).decrypt(nonce, wire[2:], b"")
            assert plain == v[f"{side}.frame_{number}.plaintext"]
            number += 1
        assert number > 0


def base45(text):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    groups = [text[at:at + 3] for at in range(0, len(text), 3)]
    values = [sum(alphabet.index(c) * 45**at for at, c in enumerate(group)) for group in groups]
    lengths = [len(group) - 1 for group in groups]
    return b"".join(value.to_bytes(length, "big") for value, length in zip(values, lengths))


def check_frames():
    """What the fountain adds is the standard's; of those frames the rest is read."""
    v = vectors("formats/vectors/frames-0.txt")
    payload = v.pop("payload")
    transfer = derive("transfer in frames", payload).digest()[:16]
    own = {}
    for name, text in v.items():
        prefix, body = text[:10], text[10:].decode()
        assert prefix == b"TEILGEBER/"
        said, check = base45(body)[:-4], base45(body)[-4:]
        assert check == derive("check of a frame", said).digest()[:4]
        assert said[0] == 0 and said[1:17] == transfer
        length, number = struct.unpack(">HH", said[17:21])
        symbol = said[21:]
        assert length == len(payload) and f"text of frame {number}" == name
        if number * len(symbol) < length:
            own[number] = symbol
    for number, symbol in own.items():
        start = number * len(symbol)
        assert symbol == payload[start:start + len(symbol)].ljust(len(symbol), b"\0")
    assert own.keys() == {0, 2}


def main():
    for check in (check_keys, check_header, check_bindings, check_documents, check_entries,
                  check_fingerprints, check_letters, check_batches, check_bundle, check_link,
                  check_frames):
        check()
        print(f"{check.__name__[6:]} read as written")


if __name__ == "__main__":
    main()

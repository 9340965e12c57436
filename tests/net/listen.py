"""Prints what multicast DNS says on this machine's wlan0: one packet a line, in hexadecimal.

Only what is said over UDP is printed, so addresses of Ethernet and IP are left out.
"""

import socket

MDNS = (5353).to_bytes(2, "big")
ETHERNET, IPV4, IPV6, UDP = 14, b"\x08\x00", b"\x86\xdd", 17

ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
ear.bind(("wlan0", 0))
print("listening", flush=True)
while True:
    frame = ear.recv(65_536)
    kind, packet = frame[12:14], frame[ETHERNET:]
    if kind == IPV4 and packet[9] == UDP:
        datagram = packet[4 * (packet[0] & 15):]
    elif kind == IPV6 and packet[6] == UDP:
        datagram = packet[40:]
    else:
        continue
    if datagram[2:4] == MDNS:
        print(datagram[8:].hex(), flush=True)

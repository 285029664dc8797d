"""What the two Python speed scripts share: one order, and counting how many links are made of it."""

import json
import sys
import time

APP_ID = "2021000000000001"
GATEWAY = "https://openapi.alipay.com/gateway.do"
NUMBER = "019ab3f1c2d47e6f8a90b1c2d3e4f506"
SUBJECT = "通宝 speed"
AMOUNT = "39.00"
RETURN_URL = "https://shop.example.com/pay/success"
NOTIFY_URL = "https://pay.example.com/notify/alipay"
BATCH = 4


def keys():
    """The application's private key and Alipay's public key, as the command line names their files."""
    texts = []
    for path in sys.argv[1:3]:
        with open(path, encoding="ascii") as file:
            texts.append(file.read())
    return texts


def count(make, version, runtime):
    """Makes links for the seconds that the command line says, and prints how many as JSON."""
    seconds = float(sys.argv[3])
    link = make()
    made = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        for _ in range(BATCH):
            link = make()
        made += BATCH
    took = time.perf_counter() - began
    print(
        json.dumps(
            {"version": version, "runtime": runtime, "made": made, "took_us": int(took * 1_000_000), "link": link}
        )
    )

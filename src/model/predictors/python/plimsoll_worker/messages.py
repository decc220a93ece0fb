"""How both sides talk: the length of a header (4 bytes, little-endian), the header as JSON, then the payload, whose length the
header gives. The header describes the payload; values of rows stand in the payload alone, as raw bytes.
"""

import json
import queue
import struct
import threading

# Complete requests that wait while the model is busy. Together with the one that is being read, the next rows are here in time.
WAITING = 2


class Messages:
    """Requests are read by a thread of their own, so that the next rows arrive while the model predicts."""

    def __init__(self, requests, answers):
        self._requests = requests
        self._answers = answers
        self._waiting = queue.Queue(WAITING)
        threading.Thread(target=self._read, daemon=True).start()

    def receive(self):
        """The next header and its payload; None and nothing at the end."""
        received = self._waiting.get()
        if isinstance(received, BaseException):
            raise received
        return received

    def send(self, header, parts=()):
        """Parts are anything with a buffer. They are written as they are, without being put together first."""
        views = [memoryview(part).cast("B") for part in parts]
        data = json.dumps({**header, "bytes": sum(map(len, views))}, allow_nan=False).encode()
        self._answers.write(struct.pack("<I", len(data)) + data)
        for view in views:
            self._answers.write(view)
        self._answers.flush()

    def _read(self):
        try:
            while True:
                length = self._requests.read(4)
                if not length:
                    break
                header = json.loads(bytes(self._exactly(struct.unpack("<I", length)[0])))
                self._waiting.put((header, self._exactly(header.get("bytes", 0))))
        except BaseException as error:  # not enough memory for the rows, or an input that was cut: for the main thread to tell
            self._waiting.put(error)
        self._waiting.put((None, b""))

    def _exactly(self, count):
        """A buffer of its own that may be written to: the columns of a data frame lie in it as they came."""
        data = bytearray(count)
        view = memoryview(data)
        filled = 0
        while filled < count:
            got = self._requests.readinto(view[filled:])
            if not got:
                raise EOFError("the request ended early")
            filled += got
        return data

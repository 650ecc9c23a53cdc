import serial
import serial.threaded


class Lines(serial.threaded.LineReader):
    TERMINATOR = b"\n"

    def __init__(self):
        super().__init__()
        self.lines = []

    def handle_line(self, line):
        self.lines.append(line)


def scenario():
    port = serial.serial_for_url("loop://", timeout=1)
    with serial.threaded.ReaderThread(port, Lines) as lines:
        lines.write_line("hello")
    assert lines.lines in ([], ["hello"])

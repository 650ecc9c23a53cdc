import io
import threading

from yaspin import yaspin


def scenario():
    spinner = yaspin(text="work", stream=io.StringIO())
    spinner.start()
    writer = threading.Thread(target=spinner.write, args=("half",))
    writer.start()
    spinner.text = "more"
    writer.join()
    spinner.ok("done")

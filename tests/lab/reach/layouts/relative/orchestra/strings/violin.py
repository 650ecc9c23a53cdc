from ..score import NOTES
from ..stage import Stage


def play(stage: Stage, player: str) -> None:
    for note in NOTES:
        stage.sound(player, note)

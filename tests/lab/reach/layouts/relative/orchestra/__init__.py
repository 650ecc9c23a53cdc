from .score import NOTES as NOTES

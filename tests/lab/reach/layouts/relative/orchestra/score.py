NOTES = ("do", "re")

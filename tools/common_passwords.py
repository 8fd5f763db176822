#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write the table of passwords that are too common to be taken: what people choose most is a few
words, names and walks over the keyboard, and what they add to them to please a rule. So the list is
made of those by rule, and holds every spelling that a guesser tries first.

    common_passwords.py OUT.c
"""
import sys

SHORTEST = 8  # shorter ones are refused anyway

WORDS = """
password passwort passw0rd p@ssword p@ssw0rd motdepasse contrasena wachtwoord parola haslo senha
welcome willkommen bienvenue letmein iloveyou changeme secret geheim master admin administrator
root test testing user guest login access default system server computer internet network
qwerty qwertz azerty qwertyui qwertyuiop asdf asdfgh asdfghjk asdfghjkl zxcvbn zxcvbnm
abc abcd abcdef abcdefg abcdefgh 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3r4 1qaz2wsx qazwsx
qazwsxedc zaq12wsx
monkey dragon tiger lion eagle falcon panther wolf bear horse dolphin butterfly chicken
shadow sunshine sunflower flower rainbow summer winter spring autumn sommer frühling herbst
january february march april june july august september october november december
monday friday sunday football baseball basketball hockey soccer tennis golf fussball
liverpool chelsea arsenal barcelona juventus bayern schalke dortmund
superman batman spiderman starwars pokemon matrix pirate ninja samurai
princess prince angel angels diamond silver golden purple orange yellow
michael jordan daniel andrew robert thomas charlie jessica ashley nicole michelle jennifer
amanda samantha matthew joshua anthony christian alexander maximilian andreas stefan
london berlin paris madrid vienna zurich america germany deutschland england france
mercedes porsche ferrari harley corvette mustang camaro yamaha
trustno freedom whatever nothing money killer hunter ranger
cookie chocolate banana cheese pepper ginger coffee pumpkin
hello hallo bonjour goodbye lovely loveme babygirl sweety schatz
company office sales marketing manager business customer support service
tessera crm
""".split()

ENDINGS = """
1 2 3 7 12 13 21 22 23 69 77 88 99 00 01 10 11 123 1234 12345 123456 321 007 111 666 777
! !! 1! 12! 123! 1234! @ # ? . * @123 @1234 #1 _1 _123
2015 2016 2017 2018 2019 2020 2021 2022 2023 2024 2025 2026
2020! 2021! 2022! 2023! 2024! 2025! 2026!
""".split()

WALKS = """
01234567 012345678 0123456789 12345678 123456789 1234567890 12345678910 123456789a a123456789
87654321 987654321 9876543210 0987654321 11223344 1122334455 112233445566 12341234 123123123
12312312 123321123 1234512345 123454321 147258369 159753456 159357456 741852963 789456123 789456123
123qweasd 123qweasdzxc qwe123qwe qweasdzxc qweqweqwe asdasdasd zxczxczxc 1234qwer qwer1234 asdf1234
abcd1234 1234abcd a1b2c3d4 abc12345 aa123456 a1234567 a12345678 123456ab 123456aa 1a2b3c4d
1q2w3e4r5t6y q1w2e3r4t5 q1w2e3r4t5y6 1qazxsw2 1qaz@wsx !qaz2wsx zaq1zaq1 qazqazqaz wsxedcrfv
qwertyuiop123 !qaz@wsx 1qaz2wsx3edc zaq12wsxcde3 poiuytrewq mnbvcxz1 lkjhgfdsa 0o9i8u7y
iloveyou iloveyou1 ilovegod letmein1 trustno1 ncc1701d ncc1701e starwars whatever jordan23 monkey12
passwordpassword password12345678 correcthorsebatterystaple thisismypassword mypassword
yourpassword newpassword nopassword adminadmin rootroot testtest useruser guestguest
changeit changeme1 letmeinnow opensesame abracadabra supersecret topsecret
""".split()

LEET = str.maketrans({"a": "@", "o": "0", "i": "1", "e": "3", "s": "$"})


def passwords():
    found = set(WALKS)
    for digit in "0123456789":
        found.update(digit * count for count in range(SHORTEST, 13))
    for letter in "abcdefghijklmnopqrstuvwxyz":
        found.update(letter * count for count in range(SHORTEST, 11))
    for year in range(1950, 2031):
        found.update((f"{year}{year}", f"0101{year}", f"{year}0101"))
    for word in WORDS:
        found.update((word, word * 2))
        found.update(word + ending for ending in ENDINGS)
        for spelling in (word.translate(LEET), word.replace("o", "0"), word.replace("a", "@")):
            found.update(spelling + ending for ending in ("", "1", "12", "123", "!"))
    return sorted((p for p in found if SHORTEST <= len(p.encode()) <= 32), key=str.encode)


def main(out):
    with open(out, "w", encoding="utf-8") as file:
        file.write('#include "govern/access/password.h"\n\n')
        file.write("const char *const common_passwords[] = {\n")
        file.writelines(f'    "{password}",\n' for password in passwords())
        file.write("};\nconst size_t common_password_count =\n"
                   "    sizeof(common_passwords) / sizeof(*common_passwords);\n")


if __name__ == "__main__":
    main(sys.argv[1])

// SPDX-License-Identifier: Apache-2.0
#include "plug/sample/people.h"

#include <math.h>

#define LIST(array) ((struct name_list){(array), sizeof(array) / sizeof((array)[0])})

static const char *const women_born_before_1960[] = {
    "Anneliese", "Barbara", "Brigitte",  "Christa",   "Elfriede",  "Elisabeth",
    "Erika",     "Gisela",  "Gudrun",    "Hannelore", "Helga",     "Hildegard",
    "Ingeborg",  "Ingrid",  "Irmgard",   "Karin",     "Margarete", "Marianne",
    "Monika",    "Renate",  "Rosemarie", "Sigrid",    "Ursula",    "Waltraud",
};
static const char *const women_born_1960_to_1984[] = {
    "Andrea",  "Anja",    "Anke",    "Antje",    "Astrid",  "Birgit", "Claudia", "Daniela",
    "Diana",   "Elke",    "Fatma",   "Gabriele", "Heike",   "Ines",   "Katrin",  "Kerstin",
    "Manuela", "Martina", "Melanie", "Nadine",   "Nicole",  "Petra",  "Sabine",  "Sandra",
    "Silke",   "Simone",  "Sonja",   "Stefanie", "Susanne", "Tanja",  "Ulrike",  "Yvonne",
};
static const char *const women_born_from_1985[] = {
    "Alina",     "Anna",   "Annika", "Aylin",   "Carolin", "Charlotte", "Elif",      "Emma",
    "Franziska", "Hannah", "Jana",   "Jessica", "Johanna", "Julia",     "Katharina", "Lara",
    "Laura",     "Lea",    "Lena",   "Lisa",    "Luisa",   "Maria",     "Marie",     "Miriam",
    "Nele",      "Nina",   "Paula",  "Sarah",   "Sofia",   "Sophie",    "Theresa",   "Zeynep",
};
static const char *const men_born_before_1960[] = {
    "Bernd",    "Dieter",  "Ernst",  "Franz",   "Friedrich", "Gerhard",   "Günter", "Hans",
    "Heinrich", "Heinz",   "Helmut", "Herbert", "Horst",     "Jürgen",    "Karl",   "Klaus",
    "Kurt",     "Manfred", "Otto",   "Peter",   "Reinhard",  "Siegfried", "Walter", "Werner",
};
static const char *const men_born_1960_to_1984[] = {
    "Ahmet", "Alexander", "Andreas", "Axel",     "Björn",    "Carsten", "Christian", "Dirk",
    "Frank", "Guido",     "Holger",  "Ingo",     "Jens",     "Jörg",    "Kai",       "Lars",
    "Marco", "Markus",    "Martin",  "Matthias", "Michael",  "Mustafa", "Oliver",    "Ralf",
    "René",  "Stefan",    "Sven",    "Thomas",   "Thorsten", "Torben",  "Ulrich",    "Uwe",
};
static const char *const men_born_from_1985[] = {
    "Ali",   "Anton",   "Ben",   "Daniel",    "David", "Dominik", "Emre",   "Fabian",
    "Felix", "Florian", "Jakob", "Jan",       "Jonas", "Julian",  "Kevin",  "Leon",
    "Louis", "Luca",    "Lukas", "Marcel",    "Max",   "Moritz",  "Nico",   "Niklas",
    "Paul",  "Philipp", "Robin", "Sebastian", "Simon", "Tim",     "Tobias", "Yusuf",
};
static const char *const families[] = {
    "Müller",   "Schmidt",   "Schneider", "Fischer",  "Weber",     "Meyer",      "Wagner",
    "Becker",   "Schulz",    "Hoffmann",  "Schäfer",  "Koch",      "Bauer",      "Richter",
    "Klein",    "Wolf",      "Schröder",  "Neumann",  "Schwarz",   "Zimmermann", "Braun",
    "Krüger",   "Hofmann",   "Hartmann",  "Lange",    "Schmitt",   "Werner",     "Krause",
    "Meier",    "Lehmann",   "Schmid",    "Schulze",  "Maier",     "Köhler",     "Herrmann",
    "König",    "Walter",    "Mayer",     "Huber",    "Kaiser",    "Fuchs",      "Peters",
    "Lang",     "Scholz",    "Möller",    "Weiß",     "Jung",      "Hahn",       "Schubert",
    "Vogel",    "Friedrich", "Keller",    "Günther",  "Frank",     "Berger",     "Winkler",
    "Roth",     "Beck",      "Lorenz",    "Baumann",  "Franke",    "Albrecht",   "Schuster",
    "Simon",    "Ludwig",    "Böhm",      "Winter",   "Kraus",     "Martin",     "Schumacher",
    "Krämer",   "Vogt",      "Stein",     "Jäger",    "Otto",      "Sommer",     "Groß",
    "Seidel",   "Heinrich",  "Brandt",    "Haas",     "Schreiber", "Graf",       "Dietrich",
    "Ziegler",  "Kuhn",      "Kühn",      "Pohl",     "Engel",     "Horn",       "Busch",
    "Bergmann", "Thomas",    "Voigt",     "Sauer",    "Arnold",    "Wolff",      "Pfeiffer",
    "Yılmaz",   "Kaya",      "Demir",     "Nowak",    "Kowalski",  "Nguyen",     "Özdemir",
    "Petrović", "Jansen",    "Hansen",    "Petersen", "Claus",     "Brückner",   "Lindner",
};
static const char *const streets[] = {
    "Hauptstraße",    "Schulstraße",   "Gartenstraße", "Bahnhofstraße",   "Dorfstraße",
    "Bergstraße",     "Birkenweg",     "Lindenstraße", "Kirchstraße",     "Waldstraße",
    "Ringstraße",     "Amselweg",      "Wiesenweg",    "Jahnstraße",      "Goethestraße",
    "Schillerstraße", "Buchenweg",     "Feldstraße",   "Poststraße",      "Rosenweg",
    "Mühlenweg",      "Am Sportplatz", "Eichenweg",    "Blumenstraße",    "Tannenweg",
    "Friedhofstraße", "Talstraße",     "Im Winkel",    "Parkstraße",      "Brunnenstraße",
    "Lerchenweg",     "Finkenweg",     "Marktstraße",  "Beethovenstraße", "Mozartstraße",
    "Kastanienallee", "Uferstraße",    "Hafenstraße",  "Kantstraße",      "Am Anger",
};
static const char *const quarters[] = {
    "Marktplatz",  "Hauptbahnhof", "Altstadt", "Arkaden",       "Südtor",     "Lindenallee",
    "Nordend",     "Westpark",     "Hafen",    "Schlossgarten", "Ringcenter", "Ostkreuz",
    "Am Dom",      "Neustadt",     "Galerie",  "Rathaus",       "Mühlentor",  "Stadtwald",
    "Brückenkopf", "Fabrikhof",    "Uferpark", "Königstor",     "Bergtor",    "Steinweg",
};

const struct town towns[] = {
    {"Berlin", "Berlin", "10", 3755, 52.5F, 13.4F},
    {"Hamburg", "Hamburg", "20", 1892, 53.6F, 10.0F},
    {"München", "Bayern", "80", 1512, 48.1F, 11.6F},
    {"Köln", "Nordrhein-Westfalen", "50", 1084, 50.9F, 7.0F},
    {"Frankfurt am Main", "Hessen", "60", 773, 50.1F, 8.7F},
    {"Stuttgart", "Baden-Württemberg", "70", 632, 48.8F, 9.2F},
    {"Düsseldorf", "Nordrhein-Westfalen", "40", 629, 51.2F, 6.8F},
    {"Leipzig", "Sachsen", "04", 616, 51.3F, 12.4F},
    {"Dortmund", "Nordrhein-Westfalen", "44", 593, 51.5F, 7.5F},
    {"Essen", "Nordrhein-Westfalen", "45", 584, 51.5F, 7.0F},
    {"Bremen", "Bremen", "28", 569, 53.1F, 8.8F},
    {"Dresden", "Sachsen", "01", 563, 51.1F, 13.7F},
    {"Hannover", "Niedersachsen", "30", 545, 52.4F, 9.7F},
    {"Nürnberg", "Bayern", "90", 523, 49.5F, 11.1F},
    {"Duisburg", "Nordrhein-Westfalen", "47", 503, 51.4F, 6.8F},
    {"Bochum", "Nordrhein-Westfalen", "44", 365, 51.5F, 7.2F},
    {"Wuppertal", "Nordrhein-Westfalen", "42", 358, 51.3F, 7.2F},
    {"Bielefeld", "Nordrhein-Westfalen", "33", 338, 52.0F, 8.5F},
    {"Bonn", "Nordrhein-Westfalen", "53", 336, 50.7F, 7.1F},
    {"Mannheim", "Baden-Württemberg", "68", 315, 49.5F, 8.5F},
    {"Münster", "Nordrhein-Westfalen", "48", 320, 52.0F, 7.6F},
    {"Karlsruhe", "Baden-Württemberg", "76", 309, 49.0F, 8.4F},
    {"Augsburg", "Bayern", "86", 301, 48.4F, 10.9F},
    {"Wiesbaden", "Hessen", "65", 283, 50.1F, 8.2F},
    {"Aachen", "Nordrhein-Westfalen", "52", 252, 50.8F, 6.1F},
    {"Braunschweig", "Niedersachsen", "38", 252, 52.3F, 10.5F},
    {"Kiel", "Schleswig-Holstein", "24", 247, 54.3F, 10.1F},
    {"Chemnitz", "Sachsen", "09", 248, 50.8F, 12.9F},
    {"Halle (Saale)", "Sachsen-Anhalt", "06", 242, 51.5F, 12.0F},
    {"Magdeburg", "Sachsen-Anhalt", "39", 240, 52.1F, 11.6F},
    {"Freiburg im Breisgau", "Baden-Württemberg", "79", 236, 48.0F, 7.8F},
    {"Mainz", "Rheinland-Pfalz", "55", 222, 50.0F, 8.3F},
    {"Lübeck", "Schleswig-Holstein", "23", 218, 53.9F, 10.7F},
    {"Erfurt", "Thüringen", "99", 215, 51.0F, 11.0F},
    {"Rostock", "Mecklenburg-Vorpommern", "18", 210, 54.1F, 12.1F},
    {"Kassel", "Hessen", "34", 204, 51.3F, 9.5F},
    {"Potsdam", "Brandenburg", "14", 186, 52.4F, 13.1F},
    {"Saarbrücken", "Saarland", "66", 182, 49.2F, 7.0F},
    {"Oldenburg", "Niedersachsen", "26", 173, 53.1F, 8.2F},
    {"Osnabrück", "Niedersachsen", "49", 168, 52.3F, 8.0F},
    {"Heidelberg", "Baden-Württemberg", "69", 162, 49.4F, 8.7F},
    {"Regensburg", "Bayern", "93", 157, 49.0F, 12.1F},
    {"Paderborn", "Nordrhein-Westfalen", "33", 155, 51.7F, 8.8F},
    {"Würzburg", "Bayern", "97", 127, 49.8F, 9.9F},
    {"Ulm", "Baden-Württemberg", "89", 129, 48.4F, 10.0F},
    {"Göttingen", "Niedersachsen", "37", 118, 51.5F, 9.9F},
    {"Koblenz", "Rheinland-Pfalz", "56", 115, 50.4F, 7.6F},
    {"Trier", "Rheinland-Pfalz", "54", 111, 49.8F, 6.6F},
    {"Jena", "Thüringen", "07", 111, 50.9F, 11.6F},
    {"Konstanz", "Baden-Württemberg", "78", 85, 47.7F, 9.2F},
    {"Flensburg", "Schleswig-Holstein", "24", 92, 54.8F, 9.4F},
    {"Bamberg", "Bayern", "96", 80, 49.9F, 10.9F},
    {"Schwerin", "Mecklenburg-Vorpommern", "19", 98, 53.6F, 11.4F},
    {"Cottbus", "Brandenburg", "03", 99, 51.8F, 14.3F},
};
const size_t town_count = sizeof(towns) / sizeof(towns[0]);

struct name_list given_names(enum gender gender, int generation) {
    const struct name_list lists[GENDER_COUNT][GENERATION_COUNT] = {
        {LIST(women_born_before_1960), LIST(women_born_1960_to_1984), LIST(women_born_from_1985)},
        {LIST(men_born_before_1960), LIST(men_born_1960_to_1984), LIST(men_born_from_1985)},
    };

    return lists[gender][generation];
}

struct name_list family_names(void) {
    return LIST(families);
}

struct name_list street_names(void) {
    return LIST(streets);
}

struct name_list quarter_names(void) {
    return LIST(quarters);
}

double town_distance_km(const struct town *a, const struct town *b) {
    const double km_per_degree = 111.2;
    const double middle = ((double)a->latitude + (double)b->latitude) / 2 * 3.14159265358979 / 180;
    const double north = ((double)a->latitude - (double)b->latitude) * km_per_degree;
    const double east = ((double)a->longitude - (double)b->longitude) * km_per_degree * cos(middle);

    return sqrt(north * north + east * east);
}

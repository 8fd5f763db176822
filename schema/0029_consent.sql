-- SPDX-License-Identifier: Apache-2.0
-- What customers are asked for, what they said, and addresses that are not written to any more
-- (govern/consent).

-- How a consent came about, beside the text that was shown: in which language, by which means, and
-- who wrote it down.
ALTER TABLE consent ADD COLUMN locale TEXT;
ALTER TABLE consent ADD COLUMN method TEXT;
ALTER TABLE consent ADD COLUMN recorded_by TEXT;

CREATE TABLE consent_purpose (
    name TEXT PRIMARY KEY,
    version BIGINT NOT NULL,           -- the one in force
    created_at_us BIGINT NOT NULL,
    changed_at_us BIGINT NOT NULL
);

-- Every version there was, never changed: facts name the one that was shown.
CREATE TABLE consent_purpose_version (
    purpose TEXT NOT NULL,
    version BIGINT NOT NULL,
    definition TEXT NOT NULL,          -- JSON (govern/consent/purpose.h)
    at_us BIGINT NOT NULL,
    by_whom TEXT NOT NULL,
    PRIMARY KEY (purpose, version)
) /* sqlite: WITHOUT ROWID */;

-- Addresses that are not written to, by keyed hash: who reads this table learns no address.
CREATE TABLE suppression (
    channel TEXT NOT NULL,
    digest TEXT NOT NULL,              -- hex HMAC-SHA-256 of channel and normalised address
    reason TEXT NOT NULL,              -- unsubscribed, bounced, complained, erased, imported
    at_us BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (channel, digest, reason)
) /* sqlite: WITHOUT ROWID */;

-- Which known identifiers are among them: follows from the above and the identifiers.
CREATE TABLE suppressed_identifier (
    identifier_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (identifier_id, channel, reason)
) /* sqlite: WITHOUT ROWID */;

-- Requests to confirm that wait for a channel to send them.
CREATE TABLE consent_confirmation (
    fact_id BIGINT PRIMARY KEY,        -- of the pending fact
    identifier_id BIGINT NOT NULL,
    origin BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    sent_at_us BIGINT                  -- NULL: waits
);

INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us)
VALUES ('newsletter', 1, 0, 0);
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ('newsletter', 1,
    '{"is_marketing":true,"channels":{"email":{"basis":"consent","double_opt_in":true'
    || '}},"languages":{"en":{"title":"Newsletter","explanation":"News from us, by e-mai'
    || 'l.","text":"I would like to receive the newsletter by e-mail. I can withdraw thi'
    || 's at any time."},"fr":{"title":"Lettre d’information","explanation":"Nos nouvell'
    || 'es, par courriel.","text":"Je souhaite recevoir la lettre d’information par cour'
    || 'riel. Je peux retirer cet accord à tout moment."},"de":{"title":"Newsletter","ex'
    || 'planation":"Neuigkeiten von uns, per E-Mail.","text":"Ich möchte den Newsletter '
    || 'per E-Mail erhalten. Das kann ich jederzeit widerrufen."},"nl":{"title":"Nieuwsb'
    || 'rief","explanation":"Nieuws van ons, per e-mail.","text":"Ik wil de nieuwsbrief '
    || 'per e-mail ontvangen. Dat kan ik op elk moment intrekken."}}}',
    0, 'tessera');

INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us)
VALUES ('marketing', 1, 0, 0);
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ('marketing', 1,
    '{"is_marketing":true,"channels":{"email":{"basis":"consent","double_opt_in":true'
    || '},"sms":{"basis":"consent","double_opt_in":false},"letter":{"basis":"legitimate_'
    || 'interests","double_opt_in":false},"phone":{"basis":"consent","double_opt_in":fal'
    || 'se},"push":{"basis":"consent","double_opt_in":false},"web":{"basis":"legitimate_'
    || 'interests","double_opt_in":false}},"languages":{"en":{"title":"Offers","explanat'
    || 'ion":"Offers and vouchers that may interest you.","text":"I would like to receiv'
    || 'e offers. I can withdraw this at any time."},"fr":{"title":"Offres","explanation'
    || '":"Des offres et des bons qui peuvent vous intéresser.","text":"Je souhaite rece'
    || 'voir des offres. Je peux retirer cet accord à tout moment."},"de":{"title":"Ange'
    || 'bote","explanation":"Angebote und Gutscheine, die für Sie von Interesse sein kön'
    || 'nen.","text":"Ich möchte Angebote erhalten. Das kann ich jederzeit widerrufen."}'
    || ',"nl":{"title":"Aanbiedingen","explanation":"Aanbiedingen en tegoedbonnen die u '
    || 'kunnen interesseren.","text":"Ik wil aanbiedingen ontvangen. Dat kan ik op elk m'
    || 'oment intrekken."}}}',
    0, 'tessera');

INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us)
VALUES ('service', 1, 0, 0);
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ('service', 1,
    '{"is_marketing":false,"channels":{"email":{"basis":"contract","double_opt_in":fa'
    || 'lse},"sms":{"basis":"contract","double_opt_in":false},"letter":{"basis":"contrac'
    || 't","double_opt_in":false},"phone":{"basis":"contract","double_opt_in":false},"pu'
    || 'sh":{"basis":"contract","double_opt_in":false},"web":{"basis":"contract","double'
    || '_opt_in":false}},"languages":{"en":{"title":"Service","explanation":"What concer'
    || 'ns your orders, your account and your rights.","text":"We write to you about wha'
    || 't you ordered from us."},"fr":{"title":"Service","explanation":"Ce qui concerne '
    || 'vos commandes, votre compte et vos droits.","text":"Nous vous écrivons au sujet '
    || 'de ce que vous avez commandé chez nous."},"de":{"title":"Service","explanation":'
    || '"Was Ihre Bestellungen, Ihr Konto und Ihre Rechte betrifft.","text":"Wir schreib'
    || 'en Ihnen zu dem, was Sie bei uns bestellt haben."},"nl":{"title":"Service","expl'
    || 'anation":"Wat uw bestellingen, uw account en uw rechten betreft.","text":"Wij sc'
    || 'hrijven u over wat u bij ons hebt besteld."}}}',
    0, 'tessera');

INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us)
VALUES ('opens', 1, 0, 0);
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ('opens', 1,
    '{"is_marketing":true,"channels":{"email":{"basis":"consent","double_opt_in":fals'
    || 'e}},"languages":{"en":{"title":"Opened messages","explanation":"Whether you open'
    || ' our messages and what you follow in them, so that we write less of what you do '
    || 'not read.","text":"You may notice whether I open your messages and which links I'
    || ' follow. I can withdraw this at any time."},"fr":{"title":"Ouverture des message'
    || 's","explanation":"Si vous ouvrez nos messages et ce que vous y suivez, pour vous'
    || ' écrire moins de ce que vous ne lisez pas.","text":"Vous pouvez relever si j’ouv'
    || 're vos messages et quels liens je suis. Je peux retirer cet accord à tout moment'
    || '."},"de":{"title":"Geöffnete Nachrichten","explanation":"Ob Sie unsere Nachricht'
    || 'en öffnen und welchen Links Sie folgen, damit wir weniger schreiben, was Sie nic'
    || 'ht lesen.","text":"Sie dürfen festhalten, ob ich Ihre Nachrichten öffne und welc'
    || 'hen Links ich folge. Das kann ich jederzeit widerrufen."},"nl":{"title":"Geopend'
    || 'e berichten","explanation":"Of u onze berichten opent en welke links u volgt, zo'
    || 'dat wij minder schrijven wat u niet leest.","text":"U mag bijhouden of ik uw ber'
    || 'ichten open en welke links ik volg. Dat kan ik op elk moment intrekken."}}}',
    0, 'tessera');

INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us)
VALUES ('profiling', 1, 0, 0);
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ('profiling', 1,
    '{"is_marketing":true,"channels":{"email":{"basis":"consent","double_opt_in":fals'
    || 'e},"sms":{"basis":"consent","double_opt_in":false},"letter":{"basis":"consent","'
    || 'double_opt_in":false},"phone":{"basis":"consent","double_opt_in":false},"push":{'
    || '"basis":"consent","double_opt_in":false},"web":{"basis":"consent","double_opt_in'
    || '":false}},"languages":{"en":{"title":"Personal choice","explanation":"We choose '
    || 'what we offer you by what you bought and looked at.","text":"You may choose offe'
    || 'rs for me by what I bought and looked at. I can withdraw this at any time."},"fr'
    || '":{"title":"Choix personnel","explanation":"Nous choisissons ce que nous vous pr'
    || 'oposons d’après vos achats et vos visites.","text":"Vous pouvez choisir des offr'
    || 'es pour moi d’après mes achats et mes visites. Je peux retirer cet accord à tout'
    || ' moment."},"de":{"title":"Persönliche Auswahl","explanation":"Wir wählen aus, wa'
    || 's wir Ihnen anbieten, nach dem, was Sie gekauft und angesehen haben.","text":"Si'
    || 'e dürfen Angebote für mich nach dem auswählen, was ich gekauft und angesehen hab'
    || 'e. Das kann ich jederzeit widerrufen."},"nl":{"title":"Persoonlijke keuze","expl'
    || 'anation":"Wij kiezen wat wij u aanbieden op grond van wat u kocht en bekeek.","t'
    || 'ext":"U mag aanbiedingen voor mij kiezen op grond van wat ik kocht en bekeek. Da'
    || 't kan ik op elk moment intrekken."}}}',
    0, 'tessera');

INSERT INTO consent_purpose (name, version, created_at_us, changed_at_us)
VALUES ('ads', 1, 0, 0);
INSERT INTO consent_purpose_version (purpose, version, definition, at_us, by_whom)
VALUES ('ads', 1,
    '{"is_marketing":true,"channels":{"ads":{"basis":"consent","double_opt_in":false}'
    || '},"languages":{"en":{"title":"Advertising elsewhere","explanation":"We give your'
    || ' address, in a form that only matches, to platforms that show you our advertisem'
    || 'ents, or leave you out of them.","text":"You may give my e-mail address or telep'
    || 'hone number, hashed, to advertising platforms. I can withdraw this at any time."'
    || '},"fr":{"title":"Publicité ailleurs","explanation":"Nous transmettons votre adre'
    || 'sse, sous une forme qui ne sert qu’à comparer, à des plateformes qui vous montre'
    || 'nt nos annonces ou vous en excluent.","text":"Vous pouvez transmettre mon adress'
    || 'e électronique ou mon numéro de téléphone, hachés, à des plateformes publicitair'
    || 'es. Je peux retirer cet accord à tout moment."},"de":{"title":"Werbung anderswo"'
    || ',"explanation":"Wir geben Ihre Adresse in einer Form, die nur verglichen werden '
    || 'kann, an Plattformen, die Ihnen unsere Anzeigen zeigen oder ersparen.","text":"S'
    || 'ie dürfen meine E-Mail-Adresse oder Telefonnummer, als Hashwert, an Werbeplattfo'
    || 'rmen geben. Das kann ich jederzeit widerrufen."},"nl":{"title":"Reclame elders",'
    || '"explanation":"Wij geven uw adres, in een vorm die alleen te vergelijken is, aan'
    || ' platforms die u onze advertenties tonen of besparen.","text":"U mag mijn e-mail'
    || 'adres of telefoonnummer, gehasht, aan advertentieplatforms geven. Dat kan ik op '
    || 'elk moment intrekken."}}}',
    0, 'tessera');

-- What Twilio's list alone told us of, by person and time: whether a text that is recovered has had its answer.
CREATE INDEX message_ours_recovered ON message (contact, created_at) WHERE recovered = 1 AND direction = 'outbound';
CREATE INDEX missed_ours ON missed (them, created_at) WHERE direction = 'outbound';

//! What was decided about a text, in a sentence, in Polish.

use super::Entry;

pub(super) const TEXTS: &[Entry] = &[
    ("decision.answered_assistant", "Odpowiedziała AI."),
    ("decision.answered_bot", "Odpowiedział wbudowany bot."),
    ("decision.answered_template", "Odpowiedziano gotowym tekstem."),
    ("decision.answered_together", "Odpowiedź obejmuje też późniejszą wiadomość."),
    ("decision.asked_again", "W trakcie pisania coś się zmieniło: zapytano model jeszcze raz."),
    ("decision.automation_off", "Bez automatycznej odpowiedzi: automat był wyłączony."),
    ("decision.decided_before", "Rozstrzygnięto, zanim model odpowiedział."),
    ("decision.foreign_country", "Bez automatycznej odpowiedzi: kraj spoza listy."),
    ("decision.handover_unfit", "Przekazano człowiekowi: odpowiedź AI nie nadawała się do wysłania."),
    ("decision.handover_unsure", "Przekazano człowiekowi: AI nie znała odpowiedzi."),
    ("decision.handover_wanted", "Przekazano człowiekowi na prośbę klienta."),
    ("decision.held_money_cap", "Odpowiedź czeka na decyzję: dzienny limit kosztów jest wyczerpany."),
    ("decision.held_stale", "Odpowiedź czeka na decyzję: wiadomość miała już ponad 15 minut."),
    ("decision.later", "Odłożono: limit odpowiedzi na minutę."),
    ("decision.loop_quick", "Zostawiono człowiekowi: druga strona odpowiada jak maszyna."),
    ("decision.loop_same", "Zostawiono człowiekowi: druga strona pisze w kółko to samo."),
    ("decision.model_failed", "Bez odpowiedzi AI: model nie odpowiedział."),
    ("decision.no_model", "Bez odpowiedzi AI: brak klucza do modelu."),
    ("decision.not_sent", "Napisała AI, ale nie udało się wysłać."),
    (
        "decision.answered_before",
        "Bez automatycznej odpowiedzi: lista Twilio pokazuje późniejszą wiadomość do tej osoby.",
    ),
    ("decision.other_application", "Bez automatycznej odpowiedzi: ten numer obsługuje inna aplikacja."),
    ("decision.own_number", "Bez automatycznej odpowiedzi: to nasz własny numer."),
    ("decision.part_before_failed", "Nie wysłano: wcześniejsza część tekstu nie dotarła."),
    ("decision.proposed", "AI zaproponowała odpowiedź."),
    ("decision.sent", "Napisała AI, wysłano."),
    ("decision.superseded", "Zastąpiona odpowiedzią na późniejszą wiadomość."),
    ("decision.window_closed", "Bez odpowiedzi: minęły 24 godziny, w których WhatsApp na nią pozwala."),
];

use super::*;

fn check(query: Option<&str>, form: &str, expect: Result<(&str, &str, Option<u32>, bool), &str>) {
    let fields = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let report = parse(Webhook { fields, query: query.map(str::to_owned) });
    let found = report
        .as_ref()
        .map(|r| (r.sid.as_str(), r.status.as_str(), r.error_code, r.attempt.is_some()))
        .map_err(|reason| *reason);
    assert_eq!(found, expect, "{query:?} {form}");
}

#[test]
fn fields_by_either_name_and_the_attempt_from_the_query() {
    let attempt = Some("attempt=0198c0de-0000-7000-8000-000000000001");
    check(None, "MessageSid=SM1&MessageStatus=sent", Ok(("SM1", "sent", None, false)));
    check(None, "SmsSid=SM1&SmsStatus=sent", Ok(("SM1", "sent", None, false)));
    check(
        attempt,
        "MessageSid=SM1&MessageStatus=failed&ErrorCode=30003",
        Ok(("SM1", "failed", Some(30003), true)),
    );
    check(Some("attempt=nonsense"), "MessageSid=SM1&MessageStatus=sent", Ok(("SM1", "sent", None, false)));
    check(None, "MessageSid=SM1&MessageStatus=whirling", Ok(("SM1", "whirling", None, false)));
    check(None, "MessageStatus=sent", Err("Missing MessageSid"));
    check(None, "MessageSid=SM1", Err("Missing status"));
    check(None, "MessageSid=S%20M&MessageStatus=sent", Err("MessageSid is not a message SID"));
}

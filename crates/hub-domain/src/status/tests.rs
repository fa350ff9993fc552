use super::*;

#[test]
fn the_order_is_the_settled_one() {
    let words: Vec<&str> = DeliveryStatus::ALL.iter().map(|s| s.as_str()).collect();
    assert_eq!(
        words,
        [
            "accepted",
            "scheduled",
            "queued",
            "sending",
            "sent",
            "canceled",
            "failed",
            "undelivered",
            "partially_delivered",
            "delivered",
            "read",
        ]
    );
    assert!(DeliveryStatus::ALL.is_sorted());
}

#[test]
fn every_word_reads_back() {
    for status in DeliveryStatus::ALL {
        assert_eq!(MessageStatus::parse(status.as_str()), Some(MessageStatus::Reported(status)));
    }
    for word in ["received", "pending", "unknown", "held"] {
        assert_eq!(MessageStatus::parse(word).map(MessageStatus::as_str), Some(word));
    }
    assert_eq!(MessageStatus::parse("sending_soon"), None);
}

#[test]
fn all_orders_of_six_statuses_end_the_same() {
    use DeliveryStatus::{Delivered, Failed, Queued, Sending, Sent, Undelivered};
    let statuses = [Queued, Sending, Sent, Delivered, Undelivered, Failed];
    let mut orders = 0;
    permute(&mut statuses.to_vec(), 0, &mut |order| {
        let end = order.iter().fold(MessageStatus::Pending, |now, s| now.after(*s));
        assert_eq!(end, MessageStatus::Reported(Delivered), "{order:?}");
        orders += 1;
    });
    assert_eq!(orders, 720);
}

#[test]
fn the_error_kept_does_not_depend_on_the_order() {
    let errors = [
        DeliveryError { code: 30003, status: DeliveryStatus::Failed },
        DeliveryError { code: 30008, status: DeliveryStatus::Undelivered },
        DeliveryError { code: 30005, status: DeliveryStatus::Undelivered },
    ];
    permute(&mut errors.to_vec(), 0, &mut |order| {
        let kept = order.iter().copied().reduce(DeliveryError::or_worse);
        assert_eq!(kept, Some(DeliveryError { code: 30005, status: DeliveryStatus::Undelivered }));
    });
}

fn permute<T: Copy>(items: &mut Vec<T>, fixed: usize, visit: &mut impl FnMut(&[T])) {
    if fixed == items.len() {
        return visit(items);
    }
    for i in fixed..items.len() {
        items.swap(fixed, i);
        permute(items, fixed + 1, visit);
        items.swap(fixed, i);
    }
}

//! Lists are cut into pages by the key of their last item.

/// The default of `limit`.
pub fn default_limit() -> i64 {
    100
}

/// Cuts one page out of items that are sorted by `key`: those after `after`, at most `limit`, and the key to go on
/// from where there are more.
pub fn page<T>(
    items: impl IntoIterator<Item = T>,
    after: Option<&str>,
    limit: i64,
    key: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut rest = items.into_iter().skip_while(|item| after.is_some_and(|after| key(item).as_str() <= after));
    let mut taken = Vec::new();
    while taken.len() < limit {
        let Some(item) = rest.next() else { return (taken, None) };
        taken.push(item);
    }
    let next = rest.next().and_then(|_| taken.last().map(&key));
    (taken, next)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn pages_meet_without_gap_or_overlap() {
        let items = ["a", "b", "c", "d", "e"];
        let cut = |after, limit| page(items, after, limit, |item| (*item).to_owned());
        assert_eq!(cut(None, 2), (vec!["a", "b"], Some("b".into())));
        assert_eq!(cut(Some("b"), 2), (vec!["c", "d"], Some("d".into())));
        assert_eq!(cut(Some("d"), 2), (vec!["e"], None));
        assert_eq!(cut(Some("bb"), 1), (vec!["c"], Some("c".into())));
        assert_eq!(cut(None, 5), (items.to_vec(), None));
        assert_eq!(cut(Some("z"), 5), (vec![], None));
    }
}

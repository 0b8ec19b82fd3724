//! Data quality: what the audit team asks a service about an answer or a month's counts, and what has to be done before a
//! figure that lies far from the others may be called an outlier in public.

pub mod outlier;
pub mod query;

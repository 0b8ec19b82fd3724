//! The tables, as both databases have them. Kept in step with `migrations/` by the test suite, which uses every column.

#![allow(missing_docs, reason = "the macro gives nothing to document; migrations/ explains the columns")]

diesel::table! {
    areas (code) {
        code -> Text,
        name -> Text,
        kind -> Text,
        parent_code -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        successor_code -> Nullable<Text>,
    }
}

diesel::table! {
    area_population (area_code, year) {
        area_code -> Text,
        year -> Integer,
        all_ages -> BigInt,
        aged_50_plus -> BigInt,
    }
}

diesel::table! {
    services (code) {
        code -> Text,
        name -> Text,
        trust_code -> Nullable<Text>,
        trust_name -> Nullable<Text>,
        area_code -> Text,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        successor_code -> Nullable<Text>,
    }
}

diesel::table! {
    hospitals (code) {
        code -> Text,
        name -> Text,
        area_code -> Text,
        service_code -> Nullable<Text>,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
    }
}

diesel::table! {
    hip_fractures (hospital_code, year) {
        hospital_code -> Text,
        year -> Integer,
        #[sql_name = "hip_fractures"]
        cases -> BigInt,
    }
}

diesel::table! {
    expected_caseload (service_code, year) {
        service_code -> Text,
        year -> Integer,
        expected -> BigInt,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    register_revision (id) {
        id -> Integer,
        revision -> BigInt,
    }
}

diesel::table! {
    rounds (year) {
        year -> Integer,
        facilities_audit -> Text,
        report -> Nullable<Text>,
        status -> Text,
        opens_on -> Nullable<Date>,
        closes_on -> Nullable<Date>,
        staffing_as_at -> Date,
        questionnaire -> Text,
        methodology -> Integer,
        standard -> Text,
        sign_off -> Bool,
        version -> BigInt,
        publishes_on -> Nullable<Date>,
        cut -> Nullable<Text>,
        reminders -> Bool,
    }
}

diesel::table! {
    extensions (year, service_code) {
        year -> Integer,
        service_code -> Text,
        until_on -> Date,
        reason -> Text,
        granted_at -> Timestamp,
        granted_by -> Text,
    }
}

diesel::table! {
    jobs (id) {
        id -> Text,
        year -> Integer,
        kind -> Text,
        due_at -> Timestamp,
        lease -> Nullable<Text>,
        leased_until -> Nullable<Timestamp>,
        attempts -> Integer,
        last_error -> Nullable<Text>,
        done_at -> Nullable<Timestamp>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    reminders (id) {
        id -> Text,
        year -> Integer,
        service_code -> Text,
        occasion -> Text,
        people -> Integer,
        sent_at -> Timestamp,
        sent_by -> Text,
    }
}

diesel::table! {
    responses (year, service_code) {
        service_code -> Text,
        year -> Integer,
        version -> BigInt,
        state -> Text,
        imported -> Bool,
        submitted_at -> Nullable<Timestamp>,
        submitted_by -> Nullable<Text>,
        document -> Text,
        updated_at -> Timestamp,
        reason -> Nullable<Text>,
        signed_off_at -> Nullable<Timestamp>,
        signed_off_by -> Nullable<Text>,
    }
}

diesel::table! {
    submissions (year, service_code, number) {
        year -> Integer,
        service_code -> Text,
        number -> Integer,
        version -> BigInt,
        questionnaire -> Text,
        document -> Text,
        hash -> Text,
        submitted_at -> Timestamp,
        submitted_by -> Text,
    }
}

diesel::table! {
    kept_entries (subject, year, service_code, section) {
        subject -> Text,
        year -> Integer,
        service_code -> Text,
        section -> Text,
        sealed -> Text,
        kept_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    response_facts (year, service_code) {
        service_code -> Text,
        year -> Integer,
        population_all_ages -> Nullable<BigInt>,
        population_50_plus -> Nullable<BigInt>,
        nurse_in_post -> Nullable<BigInt>,
        nurse_establishment -> Nullable<BigInt>,
        nurse_reported_vacant -> Nullable<BigInt>,
        administrator_in_post -> Nullable<BigInt>,
        administrator_establishment -> Nullable<BigInt>,
        administrator_reported_vacant -> Nullable<BigInt>,
    }
}

diesel::table! {
    item_facts (year, fact, service_code) {
        year -> Integer,
        fact -> Text,
        service_code -> Text,
        status -> Text,
        codes -> Nullable<Text>,
        number -> Nullable<BigInt>,
        flag -> Nullable<Bool>,
    }
}

diesel::table! {
    kpi_counts (kpi, month, service_code, stratum) {
        kpi -> Integer,
        month -> Integer,
        service_code -> Text,
        stratum -> Text,
        numerator -> BigInt,
        denominator -> Nullable<BigInt>,
        eligible -> Nullable<BigInt>,
        complete -> Nullable<BigInt>,
    }
}

diesel::table! {
    kpi_totals (kpi, year, stratum, service_code) {
        kpi -> Integer,
        year -> Integer,
        stratum -> Text,
        service_code -> Text,
        numerator -> BigInt,
        denominator -> BigInt,
        eligible -> BigInt,
        complete -> BigInt,
        periods -> BigInt,
        denominators -> BigInt,
        eligibles -> BigInt,
    }
}

diesel::table! {
    count_corrections (service_code, batch, kpi, month, stratum) {
        service_code -> Text,
        batch -> Text,
        kpi -> Integer,
        month -> Integer,
        stratum -> Text,
        old_numerator -> BigInt,
        old_denominator -> Nullable<BigInt>,
        old_eligible -> Nullable<BigInt>,
        old_complete -> Nullable<BigInt>,
        new_numerator -> Nullable<BigInt>,
        new_denominator -> Nullable<BigInt>,
        new_eligible -> Nullable<BigInt>,
        new_complete -> Nullable<BigInt>,
    }
}

diesel::table! {
    cuts (id) {
        id -> Text,
        year -> Integer,
        hash -> Text,
        note -> Text,
        made_at -> Timestamp,
        made_by -> Text,
    }
}

diesel::table! {
    cut_parts (cut_id, name) {
        cut_id -> Text,
        name -> Text,
        length -> BigInt,
        hash -> Text,
        bytes -> Binary,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        password_hash -> Nullable<Text>,
        totp_secret -> Nullable<Text>,
        totp_confirmed -> Bool,
        totp_last_step -> BigInt,
        last_signed_in_at -> Nullable<Timestamp>,
        erased_at -> Nullable<Timestamp>,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    memberships (account_id, role, service_code, area_code) {
        account_id -> Text,
        role -> Text,
        service_code -> Text,
        area_code -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        name -> Text,
        key_hash -> Text,
        role -> Text,
        service_code -> Text,
        area_code -> Text,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        created_by -> Text,
    }
}

diesel::table! {
    installation (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    imports (id) {
        id -> Text,
        file -> Text,
        imported_at -> Timestamp,
        imported_by -> Text,
        rows_read -> BigInt,
        rows_changed -> BigInt,
        rows_rejected -> BigInt,
        report -> Text,
    }
}

diesel::table! {
    personal_data (id) {
        id -> Text,
        subject -> Text,
        kind -> Text,
        value -> Text,
    }
}

diesel::table! {
    recovery_codes (account_id, code_hash) {
        account_id -> Text,
        code_hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    account_links (token_hash) {
        token_hash -> Text,
        account_id -> Text,
        purpose -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    section_links (id) {
        id -> Text,
        token_hash -> Text,
        year -> Integer,
        service_code -> Text,
        section -> Text,
        made_by -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        secret_hash -> Text,
        subject -> Text,
        stage -> Text,
        second_factor -> Bool,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        expires_at -> Timestamp,
        origin -> Nullable<Text>,
        agent -> Nullable<Text>,
    }
}

diesel::table! {
    sign_in_failures (id) {
        id -> Text,
        account -> Text,
        address -> Text,
        failed_at -> Timestamp,
    }
}

diesel::table! {
    history (object, seq) {
        object -> Text,
        seq -> BigInt,
        at -> Timestamp,
        actor -> Text,
        channel -> Text,
        origin -> Nullable<Text>,
        action -> Text,
        item -> Text,
        old_value -> Nullable<Text>,
        new_value -> Nullable<Text>,
        hash -> Text,
    }
}

diesel::table! {
    history_heads (object) {
        object -> Text,
        seq -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        subject -> Text,
        mail -> Text,
        sealed -> Nullable<Text>,
        created_at -> Timestamp,
        not_before -> Timestamp,
        attempts -> Integer,
        lease -> Nullable<Text>,
        leased_until -> Nullable<Timestamp>,
        sent_at -> Nullable<Timestamp>,
        given_up_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    texts (name) {
        name -> Text,
        body -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    enrolments (year, service_code) {
        year -> Integer,
        service_code -> Text,
        enrolled_at -> Timestamp,
    }
}

diesel::table! {
    comments (id) {
        id -> Text,
        year -> Integer,
        service_code -> Text,
        link_id -> Text,
        author -> Text,
        from_team -> Bool,
        body -> Text,
        mailed -> Bool,
        created_at -> Timestamp,
    }
}

diesel::table! {
    hospital_challenges (id) {
        id -> Text,
        year -> Integer,
        service_code -> Text,
        hospital_code -> Text,
        claim -> Text,
        source -> Text,
        reason -> Text,
        made_by -> Text,
        made_at -> Timestamp,
        decision -> Nullable<Text>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<Timestamp>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    action_plans (year, service_code, recommendation) {
        year -> Integer,
        service_code -> Text,
        recommendation -> Integer,
        version -> BigInt,
        what -> Text,
        owner -> Text,
        due -> Nullable<Date>,
        updated_at -> Timestamp,
        updated_by -> Text,
    }
}

diesel::table! {
    staffing_standards (id) {
        id -> Text,
        version -> BigInt,
        published -> Bool,
        document -> Text,
        updated_at -> Timestamp,
        updated_by -> Text,
    }
}

diesel::table! {
    scenarios (id) {
        id -> Text,
        version -> BigInt,
        owner -> Text,
        name -> Text,
        shared -> Bool,
        document -> Text,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    idempotent_requests (holder, name) {
        holder -> Text,
        name -> Text,
        fingerprint -> Text,
        begun_at -> Timestamp,
        status -> Nullable<Integer>,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    data_queries (id) {
        id -> Text,
        year -> Integer,
        service_code -> Text,
        subject -> Text,
        state -> Text,
        owner -> Text,
        due_on -> Nullable<Date>,
        found -> Nullable<Text>,
        version -> BigInt,
        opened_by -> Text,
        opened_at -> Timestamp,
        moved_at -> Timestamp,
    }
}

diesel::table! {
    data_query_messages (id) {
        id -> Text,
        query_id -> Text,
        number -> Integer,
        author -> Text,
        from_team -> Bool,
        state -> Text,
        body -> Text,
        written_at -> Timestamp,
    }
}

diesel::table! {
    questionnaires (version) {
        version -> Text,
        revision -> BigInt,
        published -> Bool,
        document -> Text,
        updated_at -> Timestamp,
        updated_by -> Text,
    }
}

diesel::joinable!(memberships -> accounts (account_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, memberships);
diesel::allow_tables_to_appear_in_same_query!(responses, rounds, history_heads, register_revision);

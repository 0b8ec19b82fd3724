#!/usr/bin/env python3
"""Fill responses.csv with invented answers around the carried ones.

    python3 seeds/demo/invent.py

Rows of the (year, link_id) pairs in CARRIED are kept as they are. Every other row is dropped and made again:
answers to the rest of the 2019 and 2021 questionnaires for the services that took part, and drafts of the open
2022 round for DRAFTS of them. A choice depends only on a hash of what it is about, so that running this twice
gives the same bytes, and adding an item leaves the answers to the others alone.

Standard library only, Python 3.11 or later.
"""

import csv
import hashlib
import math
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
QUESTIONNAIRES = HERE.parent / "questionnaires"
CLOSED = (2019, 2021)
OPEN = 2022
DRAFTS = 40

# What the published national figures are made of. Nothing is invented under these.
CARRIED = {
    2019: {
        "falls_assessment", "first_prescription", "monitoring_provided", "monitoring_responsible",
        "patient_survey", "population_all_ages", "staff_in_post",
    },
    2021: {
        "falls_assessment", "first_prescription", "governance_frequency", "monitoring_provided",
        "monitoring_responsible", "monitoring_scope", "nurse_admin_share", "patient_involvement",
        "patient_resources", "patient_survey", "population_50_plus", "population_all_ages", "setting",
        "staff_establishment", "staff_in_post", "staff_vacant", "vacancy_over_6_months",
    },
}

# One option of each: how often.
ONE = {
    "contract": {"block": 50, "tariff_or_activity": 12, "local_or_pilot_fund": 14, "charity_or_industry_fund": 4,
                 "no_separate_contract": 15, "other": 5},
    "population_source": {"ons_mid_year": 40, "census_2021": 25, "icb": 15, "gp_lists": 12, "estimate": 8},
    "dxa_access": {"same_site": 62, "other_site_same_trust": 24, "other_provider": 14},
    "dxa_wait": {"up_to_4_weeks": 15, "5_to_8_weeks": 30, "9_to_12_weeks": 25, "13_to_26_weeks": 22, "over_26_weeks": 8},
    "strength_balance_referral": {"in_house": 15, "refers_out": 55, "advice_only": 22, "none": 8},
    "injectable_follow_up": {"yes": 40, "some": 35, "no": 25},
    "business_case": {"none": 40, "being_written": 25, "submitted": 15, "approved": 12, "refused": 8},
    "best_msk_commissioned": {"yes": 25, "in_part": 30, "no": 45},
}

# Any options: how often each is chosen. An exclusive option is decided first.
ANY = {
    "patient_groups": {"hip_inpatients": 90, "other_inpatients_orthopaedic": 92, "inpatients_other_wards": 60,
                       "fracture_clinic_outpatients": 93, "clinical_vertebral": 70, "vertebral_on_imaging": 48,
                       "vertebral_vfa": 30},
    "restrictions": {"none": 45, "upper_age": 8, "fracture_site": 55, "gp_or_icb_area": 35, "care_home_residents": 15,
                     "cognitive_impairment": 12, "other": 8},
    "sites_excluded": {"metacarpal": 70, "metatarsal": 65, "toe_or_finger": 85, "face_or_skull": 90, "ankle": 20, "other": 10},
    "identify_hip": {"nhfd_list": 65, "ward_round": 40, "orthogeriatric_referral": 55, "admission_list": 35},
    "identify_other_inpatients": {"ward_lists": 60, "trauma_meeting": 45, "coding": 25, "radiology": 25, "referral": 50},
    "identify_outpatients": {"fracture_clinic_list": 75, "virtual_clinic": 50, "ed_list": 35, "radiology": 20, "gp": 25},
    "identify_vertebral": {"none": 8, "radiology_search": 45, "text_mining": 12, "vfa_at_dxa": 35, "spinal_clinic": 20,
                           "referral": 60},
    "vertebral_barriers": {"none": 4, "staffing": 65, "radiology_reporting": 60, "it": 40, "funding": 45, "no_pathway": 30,
                           "other": 8},
    "secondary_cause_tests": {"none": 3, "calcium": 92, "vitamin_d": 85, "renal": 94, "thyroid": 70, "fbc_esr": 75,
                              "coeliac": 40, "myeloma_screen": 55, "testosterone": 30},
    "treatment_need": {"frax": 80, "qfracture": 8, "dxa": 90, "nogg": 65, "age_75_rule": 35, "clinician": 60},
    "treatments_offered": {"calcium_vitamin_d": 95, "oral_bisphosphonate": 97, "zoledronate": 75, "denosumab": 65,
                           "teriaparatide": 30, "romosozumab": 12, "specialist_clinic": 60, "written_material": 80,
                           "education": 45},
    "falls_assessment_content": {"history": 98, "medication": 75, "vision": 55, "home_hazards": 60, "continence": 35,
                                 "cognition": 45, "blood_pressure": 65, "feet": 40},
    "gait_balance_tests": {"timed_up_and_go": 70, "sit_to_stand": 50, "turn_180": 45, "berg": 15, "other": 12},
    "report_recipients": {"patient": 85, "gp": 98, "referrer": 40, "care_home": 20},
    "report_contents": {"fracture_risk": 75, "dxa_result": 85, "drug_advice": 95, "falls_advice": 65, "follow_up_plan": 70,
                        "lifestyle_advice": 75},
    "adherence_methods": {"phone": 85, "letter_or_form": 40, "clinic": 30, "gp_record": 45, "dispensing_data": 15,
                          "app_or_sms": 8},
    "digitisable_tasks": {"none": 3, "case_finding": 65, "letters": 70, "dxa_booking": 45, "data_entry": 80,
                          "follow_up_lists": 55, "other": 8},
    "monitoring_times": {"weeks_12_to_16": 90, "months_6": 25, "months_12": 80, "months_24": 15},
    "governance_reports_to": {"nobody": 5, "executive_or_board": 30, "directorate": 70, "icb": 25, "other": 10},
    "improvement_team": {"no_team": 50, "clinicians": 95, "administration": 40, "management": 50, "patients_or_carers": 0},
    "stakeholder_meeting": {"not_held": 60, "patients": 45, "ros": 50, "commissioner": 65, "primary_care": 60, "executives": 40},
}

# Yes: how often.
YES = {
    "funding_recurrent": 70, "missed_patient_check": 45, "survey_ros_questionnaire": 35, "audit_data_reviewed": 75,
    "regional_benchmarking": 40, "regional_network": 60,
}

SENTENCES = {
    "setting_other": ["A diagnostic centre shared by two trusts.", "Offices of a community interest company."],
    "contract_other": ["Part of the contract of the falls service.", "Shared with rheumatology under one agreement."],
    "missed_patient_check_how": [
        "Every quarter we compare our list with hospital coding.",
        "Once a year a clinician goes through a month of radiology reports.",
        "Each month we match the fracture clinic list with our database.",
        "We look at the records of everybody admitted with a second fracture.",
    ],
}

# Groups that each way of finding patients belongs to: none of them covered means not applicable.
FINDS = {
    "identify_hip": {"hip_inpatients"},
    "identify_other_inpatients": {"other_inpatients_orthopaedic", "inpatients_other_wards"},
    "identify_outpatients": {"fracture_clinic_outpatients"},
}

# Items on which nothing else hangs: a few services do not know.
MAY_BE_UNKNOWN = {
    "service_start", "consultant_pas", "secondary_cause_tests", "survey_responses", "treatment_need",
    "falls_assessment_content", "dxa_wait", "funding_recurrent", "improvement_cycles", "best_msk_commissioned",
    "vertebral_barriers", "stakeholder_meeting",
}
UNKNOWN = "not_known"

# How far one draft has come, section by section. The other drafts are decided by hash.
PLANNED = {
    "FLS012": {
        "staffing": "done", "population": "done", "identification": "started", "assessment": "empty",
        "treatment": "done", "falls": "started", "communication": "empty", "monitoring": "done",
        "patient_experience": "empty", "governance": "empty",
    },
}


def share(*about):
    """A number from 0 up to 1, always the same for the same subject."""
    digest = hashlib.sha256("|".join(map(str, about)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def one_of(weights, *about):
    at = share(*about) * sum(weights.values())
    for code, weight in weights.items():
        at -= weight
        if at < 0:
            return code
    raise AssertionError("weights must add up")


def any_of(options, weights, *about):
    """Options in the order of the questionnaire, at least one."""
    for option in options:
        code = option["code"]
        if option.get("exclusive") and share(*about, code) * 100 < weights.get(code, 0):
            return code
    plain = [o["code"] for o in options if not o.get("exclusive")]
    chosen = [c for c in plain if share(*about, c) * 100 < weights.get(c, 0)]
    return ";".join(chosen or [max(plain, key=lambda c: weights.get(c, 0))])


def steady(service, year, link_id):
    """The year since which an answer has stood: most answers stay as they were."""
    since = CLOSED[0]
    for later in (*CLOSED[1:], OPEN):
        if later <= year and share(service, later, link_id, "changes") < 0.12:
            since = later
    return since


def hundredths(text):
    return round(float(text) * 100)


def wte(value):
    return f"{value / 100:.2f}".rstrip("0").rstrip(".")


def chosen(value):
    return set(value.split(";")) if isinstance(value, str) and value != UNKNOWN else set()


def quantity(answers, name):
    link_id, _, role = name.partition("/")
    value = answers.get(link_id)
    if value is None or value == UNKNOWN:
        return None
    if isinstance(value, dict):
        return sum(hundredths(v) for cell, v in value.items() if not role or cell.split("/")[0] == role) / 100
    return float(value)


def holds(condition, answers):
    name = condition["item"]
    value = answers.get(name.partition("/")[0])
    if value is None:
        return False
    if "answered" in condition:
        return value != UNKNOWN
    if "above" in condition:
        number = quantity(answers, name)
        return number is not None and number > condition["above"]
    if value == UNKNOWN:
        return False
    if "is" in condition:
        return value == ("yes" if condition["is"] else "no")
    if "has_any" in condition:
        return bool(chosen(value) & set(condition["has_any"]))
    return not chosen(value) & set(condition["lacks_all"])


class Inventor:
    def __init__(self, bank, services, hospitals):
        self.bank = bank
        self.services = services
        self.hospitals = hospitals

    def answer(self, service, year, link_id, now, before):
        """An invented answer, or None to leave the item unanswered. `now` has the answers so far, `before` the last round's."""
        special = getattr(self, link_id, None)
        if special:
            return special(service, year, now, before)
        about = (service, steady(service, year, link_id), link_id)
        if link_id in FINDS and not FINDS[link_id] & chosen(now["patient_groups"]):
            return "not_applicable"
        if link_id in ONE:
            return one_of(ONE[link_id], *about)
        if link_id in ANY:
            return any_of(self.bank[link_id]["options"], ANY[link_id], *about)
        if link_id in YES:
            return "yes" if share(*about) * 100 < YES[link_id] else "no"
        if link_id in SENTENCES:
            sentences = SENTENCES[link_id]
            return sentences[int(share(*about) * len(sentences))]
        if year == OPEN and link_id in CARRIED[2021]:
            return before.get(link_id)
        raise KeyError(link_id)

    # Service profile

    def unit_code(self, service, year, now, before):
        return service

    def hospitals_(self, service):
        return ";".join(self.hospitals.get(service, [])) or None

    def host_area(self, service, year, now, before):
        return self.services[service]

    def service_start(self, service, year, now, before):
        began = 2004 + int(share(service, "began") * 15)
        return f"{began}-{1 + int(share(service, 'began', 'month') * 12):02}"

    def consultant_pas(self, service, year, now, before):
        since = steady(service, year, "consultant_pas")
        if share(service, since, "consultant_pas", "none") < 0.2:
            return "0"
        return wte(25 * (1 + int(share(service, since, "consultant_pas") * 12)))

    # Staff. Each post keeps its funding; people come and go.

    def posts(self, service, before):
        """Funded and in post, in hundredths of a WTE, for each role and band of the last round."""
        in_post = {cell: hundredths(v) for cell, v in before["staff_in_post"].items()}
        funded = {cell: hundredths(v) for cell, v in before.get("staff_establishment", {}).items()}
        result = {}
        for cell in sorted(in_post.keys() | funded.keys()):
            has = in_post.get(cell, 0)
            money = max(funded.get(cell, has), has)
            turn = share(service, OPEN, "post", cell)
            if money > has and turn < 0.45:
                has = money  # filled
            elif has >= 60 and turn > 0.9:
                has -= 20  # somebody works fewer hours
            elif turn > 0.82:
                has, money = has + 10, money + 10  # a little more money
            result[cell] = (money, has)
        return result

    def staff_in_post(self, service, year, now, before):
        return {cell: wte(has) for cell, (_, has) in self.posts(service, before).items()}

    def staff_establishment(self, service, year, now, before):
        return {cell: wte(money) for cell, (money, _) in self.posts(service, before).items()}

    def staff_vacant(self, service, year, now, before):
        return {cell: wte(money - has) for cell, (money, has) in self.posts(service, before).items()}

    def over_established(self, service, year, now, before):
        return "no"

    def headcount(self, service, role, now):
        if "staff_in_post" not in now:
            return None
        whole = math.ceil(quantity(now, f"staff_in_post/{role}"))
        return str(whole + (1 if whole and share(service, "headcount", role) < 0.35 else 0))

    def headcount_nurses(self, service, year, now, before):
        return self.headcount(service, "nurse", now)

    def headcount_administrators(self, service, year, now, before):
        return self.headcount(service, "administrator", now)

    def vacancy_over_6_months(self, service, year, now, before):
        vacant = any(money > has for money, has in self.posts(service, before).values())
        return "yes" if vacant and share(service, year, "long vacancy") < 0.6 else "no"

    def vacant_over_6_months_posts(self, service, year, now, before):
        if year == OPEN:
            empty = {cell: wte(money - has) for cell, (money, has) in self.posts(service, before).items() if money > has}
        else:
            empty = {cell: v for cell, v in now.get("staff_vacant", {}).items() if hundredths(v) > 0}
        # The establishment is not known: say so with a post that may well exist.
        return empty or {"nurse/6": wte(20 * (1 + int(share(service, year, "empty post") * 4)))}

    def nurse_admin_share(self, service, year, now, before):
        if share(service, year, "no exact share") < 0.15:
            return UNKNOWN
        return str(max(5, int(before["nurse_admin_share"]) - 4 + int(share(service, year, "nurse_admin_share") * 8)))

    def nurse_admin_share_band(self, service, year, now, before):
        if now.get("nurse_admin_share") != UNKNOWN:
            return None  # only where no exact share is known
        about = int(before["nurse_admin_share"])
        for edge, band in ((60, "60_or_more"), (40, "40_to_59"), (25, "25_to_39"), (10, "10_to_24")):
            if about >= edge:
                return band
        return "0_to_9"

    # Population

    def population_all_ages(self, service, year, now, before):
        people = int(before["population_all_ages"])
        grown = share(service, year, "population")
        return str(people if grown < 0.3 else people + round(people * grown * 0.015))

    def population_50_plus(self, service, year, now, before):
        people = int(before["population_all_ages"])
        if "population_50_plus" in before:
            return str(round(int(before["population_50_plus"]) * (1.002 + 0.012 * share(service, year, "50 plus"))))
        return str(round(people * (0.34 + 0.08 * share(service, year, "50 plus"))))

    def upper_age_limit(self, service, year, now, before):
        return ("85", "90", "95")[int(share(service, "upper_age_limit") * 3)]

    # Monitoring, surveys, governance in the open round: mostly as before, sometimes a step on.

    def moves(self, service, link_id, part):
        return share(service, OPEN, link_id, "moves") < part

    def monitoring_provided(self, service, year, now, before):
        return "yes" if self.moves(service, "monitoring_provided", 0.15) else before["monitoring_provided"]

    def monitoring_responsible(self, service, year, now, before):
        if before["monitoring_responsible"] == "none" and now.get("monitoring_provided") == "yes":
            return "fls_coordinator"
        return before["monitoring_responsible"]

    def monitoring_scope(self, service, year, now, before):
        covers = chosen(before.get("monitoring_scope", "adherence;persistence"))
        if self.moves(service, "monitoring_scope", 0.25):
            covers |= {"adverse_effects", "refracture"}
        return ";".join(o["code"] for o in self.bank["monitoring_scope"]["options"] if o["code"] in covers)

    def patient_survey(self, service, year, now, before):
        turned = {"yes": "no", "no": "yes"}[before["patient_survey"]]
        return turned if self.moves(service, "patient_survey", 0.2) else before["patient_survey"]

    def survey_responses(self, service, year, now, before):
        return str(5 + int(share(service, year, "survey_responses") ** 2 * 140))

    def patient_resources(self, service, year, now, before):
        uses = chosen(before["patient_resources"])
        if self.moves(service, "patient_resources", 0.4):
            uses = (uses - {"none"}) | {"strong_bones", "bone_health_card"}
        return ";".join(o["code"] for o in self.bank["patient_resources"]["options"] if o["code"] in uses)

    def governance_frequency(self, service, year, now, before):
        order = ["none", "7_to_12_months", "2_to_6_months", "up_to_6_weeks", "monthly"]
        at = order.index(before["governance_frequency"])
        if self.moves(service, "governance_frequency", 0.2):
            at = min(at + 1 + (at == 0), 4)
        elif self.moves(service, "governance_frequency", 0.26):
            at = max(at - 1, 0)
        return order[at]

    def patient_involvement(self, service, year, now, before):
        if self.moves(service, "patient_involvement", 0.15):
            return "improvement_team"
        if self.moves(service, "patient_involvement", 0.35):
            return "consulted"
        return before["patient_involvement"]

    def patients_in_improvement_team(self, service, year, now, before):
        return str(1 + int(share(service, year, "patients in team") * 3))

    def improvement_team(self, service, year, now, before):
        options = self.bank["improvement_team"]["options"]
        weights = dict(ANY["improvement_team"])
        if "improvement_team" in chosen(now.get("patient_involvement")):
            weights |= {"no_team": 0, "patients_or_carers": 100}
        return any_of(options, weights, service, year, "improvement_team")

    def improvement_cycles(self, service, year, now, before):
        if "no_team" in chosen(now.get("improvement_team")):
            return "0"
        return str(int(share(service, year, "improvement_cycles") * 4))


def sections(year):
    with (QUESTIONNAIRES / f"{year}.toml").open("rb") as file:
        return tomllib.load(file)["section"]


def table(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stage(service, section, index):
    """How far a draft has come in one section: earlier sections first, and some services further than others."""
    planned = PLANNED.get(service)
    if planned:
        return planned[section]
    pace = 0.2 + 1.15 * share(service, OPEN, "pace")
    at = 0.09 * index + 0.15 * share(service, OPEN, "section", section)
    if at < pace - 0.12:
        return "done"
    return "started" if at < pace else "empty"


def filled(service, item, progress):
    """Whether a draft has an answer to one item."""
    if progress == "empty":
        return False
    if item["link_id"] == "unit_code":
        return True
    part = 0.5 if progress == "started" else 1.0 if item.get("required") else 0.95
    return share(service, OPEN, "filled", item["link_id"]) < part


def main():
    bank = {}
    for path in sorted((QUESTIONNAIRES / "items").glob("*.toml")):
        with path.open("rb") as file:
            bank |= {item["link_id"]: item for item in tomllib.load(file)["item"]}

    mapped = {}
    for row in sorted(table("hospitals.csv"), key=lambda r: r["code"]):
        if row["service_code"]:
            mapped.setdefault(row["service_code"], []).append(row["code"])
    inventor = Inventor(bank, {r["code"]: r["area_code"] for r in table("services.csv")}, mapped)

    rows, carried = set(), {year: {} for year in CLOSED}
    for row in table("responses.csv"):
        year, link_id = int(row["year"]), row["link_id"]
        if link_id not in CARRIED.get(year, ()):
            continue
        rows.add((row["service_code"], row["year"], link_id, row["row"], row["value"]))
        answers = carried[year].setdefault(row["service_code"], {})
        if bank[link_id]["type"] == "grid":
            answers.setdefault(link_id, {})[row["row"]] = row["value"]
        else:
            answers[link_id] = row["value"]

    def respond(service, year, before, known, ask):
        answers = {}
        for index, section in enumerate(sections(year)):
            for link_id in section["items"]:
                item = bank[link_id]
                if link_id in CARRIED.get(year, ()):
                    if link_id in known:
                        answers[link_id] = known[link_id]
                    continue
                if not ask(section["link_id"], index, item):
                    continue
                if not all(holds(condition, answers) for condition in item.get("enable_when", [])):
                    continue
                if link_id in MAY_BE_UNKNOWN and share(service, link_id, "unknown") < 0.025:
                    answers[link_id] = UNKNOWN
                    continue
                if link_id == "hospitals":
                    value = inventor.hospitals_(service)
                elif link_id in FINDS and "patient_groups" not in answers:
                    value = None  # a draft that has not said yet whom it covers
                else:
                    value = inventor.answer(service, year, link_id, answers, before)
                if value is None:
                    continue
                answers[link_id] = value
        for link_id, value in answers.items():
            if link_id in CARRIED.get(year, ()):
                continue
            cells = value.items() if isinstance(value, dict) else [("", value)]
            rows.update((service, str(year), link_id, cell, text) for cell, text in cells)
        return answers

    latest = {}
    for year in CLOSED:
        for service, known in sorted(carried[year].items()):
            # A published result that is not carried stays unanswered: it is not ours to add to.
            latest[service, year] = respond(
                service, year, latest.get((service, 2019), {}), known,
                lambda section, index, item: not item.get("published_result"),
            )

    took_part = sorted(carried[2021], key=lambda s: (s not in PLANNED, share(s, OPEN, "takes part")))
    for service in sorted(took_part[:DRAFTS]):
        respond(
            service, OPEN, latest[service, 2021], {},
            lambda section, index, item: filled(service, item, stage(service, section, index)),
        )

    with (HERE / "responses.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["service_code", "year", "link_id", "row", "value"])
        writer.writerows(sorted(rows))


if __name__ == "__main__":
    main()

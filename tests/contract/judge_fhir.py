"""Judges FHIR resources by the models of `fhir.resources` (R4B, which has these two as R4 does): judge_fhir.py FILE..."""

import json
import sys

from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

KINDS = {"Questionnaire": Questionnaire, "QuestionnaireResponse": QuestionnaireResponse}


def items(resource):
    for item in resource.item or ():
        yield item
        yield from items(item)


found = 0
for name in sys.argv[1:]:
    with open(name) as file:
        plain = json.load(file)
    resource = KINDS[plain["resourceType"]].model_validate(plain)
    links = [item.linkId for item in items(resource)]
    assert len(links) == len(set(links)), f"{name}: a linkId twice"
    if plain["resourceType"] == "Questionnaire":
        for item in items(resource):
            for condition in item.enableWhen or ():
                assert condition.question in links, f"{name}: {item.linkId} depends on {condition.question}"
    found += len(links)
print(f"{len(sys.argv) - 1} resources with {found} items")

DROP TABLE hospital_challenges;
DROP TABLE comments;

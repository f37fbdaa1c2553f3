BEGIN TRANSACTION;
CREATE TABLE cell2grid (
	"key" VARCHAR(40) NOT NULL, 
	value VARCHAR(200), 
	PRIMARY KEY ("key")
);
INSERT INTO "cell2grid" VALUES('schema','1');
CREATE TABLE check_runs (
	number INTEGER NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	recorded_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number)
);
CREATE TABLE checks (
	number INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	claims TEXT NOT NULL, 
	stated FLOAT, 
	computed FLOAT, 
	residual FLOAT, 
	tolerance FLOAT, 
	unit VARCHAR(100) NOT NULL, 
	verdict VARCHAR(20) NOT NULL, 
	note TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(run) REFERENCES check_runs (number)
);
CREATE TABLE claims (
	number INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	document VARCHAR(64) NOT NULL, 
	story VARCHAR(200) NOT NULL, 
	frame VARCHAR(100) NOT NULL, 
	measure VARCHAR(100) NOT NULL, 
	subject TEXT, 
	object TEXT, 
	quote TEXT NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	value_start INTEGER, 
	value_end INTEGER, 
	value_text TEXT NOT NULL, 
	value FLOAT, 
	low FLOAT, 
	high FLOAT, 
	unit VARCHAR(100) NOT NULL, 
	approx VARCHAR(100), 
	period_start VARCHAR(40), 
	period_end VARCHAR(40), 
	direction VARCHAR(100), 
	tier VARCHAR(1) NOT NULL, 
	inherited TEXT NOT NULL, 
	alternatives TEXT NOT NULL, 
	recorded_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (id), 
	FOREIGN KEY(document) REFERENCES documents (id)
);
INSERT INTO "claims" VALUES(1,'a578d5bd3f699ed1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 1 packs.',40,65,57,64,'1 packs',1.0,1.0,1.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-02T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(2,'d307602853513aba','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 2 packs.',80,105,97,104,'2 packs',2.0,2.0,2.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-02T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(3,'49a5829921a42e59','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 3 packs.',120,145,137,144,'3 packs',3.0,3.0,3.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-02T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(4,'587d5a129218f0a3','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 4 packs.',160,185,177,184,'4 packs',4.0,4.0,4.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-02T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(5,'44d4b3ba35374ba8','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 11 packs.',NULL,NULL,NULL,NULL,'11 packs',11.0,11.0,11.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-03T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(6,'ed733d661148539a','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 12 packs.',NULL,NULL,NULL,NULL,'12 packs',12.0,12.0,12.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-03T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(7,'a76b224c404a8c77','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 13 packs.',NULL,NULL,NULL,NULL,'13 packs',13.0,13.0,13.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-03T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(8,'3caab20e299a2bda','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','s1','deliveries','deliveries','Fabrikam Marine',NULL,'Tailspin shipped 12 packs.',NULL,NULL,NULL,NULL,'12 packs',12.0,12.0,12.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-05T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(9,'f02125e7f154fc4f','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 5 packs.',160,185,177,184,'5 packs',5.0,5.0,5.0,'pack',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-07T00:00:00.000000+00:00');
INSERT INTO "claims" VALUES(10,'b7825a9c82a7a4ca','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','s1','deliveries','deliveries','Tailspin',NULL,'Tailspin shipped 4 packs.',160,185,177,184,'4 packs',4.0,4.0,4.0,'system',NULL,'2025-01-01','2025-12-31',NULL,'A','[]','[]','2026-01-09T00:00:00.000000+00:00');
CREATE TABLE decisions (
	number INTEGER NOT NULL, 
	claim VARCHAR(64) NOT NULL, 
	decision VARCHAR(20) NOT NULL, 
	reviewer VARCHAR(200) NOT NULL, 
	decided_at VARCHAR(40) NOT NULL, 
	note TEXT NOT NULL, 
	replaced_by VARCHAR(64), 
	PRIMARY KEY (number), 
	FOREIGN KEY(claim) REFERENCES claims (id), 
	FOREIGN KEY(replaced_by) REFERENCES claims (id)
);
INSERT INTO "decisions" VALUES(1,'a578d5bd3f699ed1','accept','M','2026-01-04T00:00:00.000000+00:00','',NULL);
INSERT INTO "decisions" VALUES(2,'ed733d661148539a','edit','M','2026-01-05T00:00:00.000000+00:00','','3caab20e299a2bda');
INSERT INTO "decisions" VALUES(3,'d307602853513aba','reject','M','2026-01-06T00:00:00.000000+00:00','not shipped',NULL);
INSERT INTO "decisions" VALUES(4,'ed733d661148539a','withdraw','M','2026-01-08T00:00:00.000000+00:00','',NULL);
INSERT INTO "decisions" VALUES(5,'587d5a129218f0a3','edit','M','2026-01-09T00:00:00.000000+00:00','','b7825a9c82a7a4ca');
CREATE TABLE derived (
	number INTEGER NOT NULL, 
	run INTEGER NOT NULL, 
	measure VARCHAR(100) NOT NULL, 
	subject TEXT, 
	value FLOAT, 
	low FLOAT, 
	high FLOAT, 
	unit VARCHAR(100) NOT NULL, 
	claims TEXT NOT NULL, 
	equation TEXT NOT NULL, 
	period_start VARCHAR(40), 
	period_end VARCHAR(40), 
	PRIMARY KEY (number), 
	FOREIGN KEY(run) REFERENCES check_runs (number)
);
CREATE TABLE documents (
	number INTEGER NOT NULL, 
	id VARCHAR(64) NOT NULL, 
	path TEXT NOT NULL, 
	format VARCHAR(20) NOT NULL, 
	text TEXT NOT NULL, 
	title TEXT, 
	publisher TEXT, 
	date TEXT, 
	url TEXT, 
	recorded_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (id)
);
INSERT INTO "documents" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','quay/packs.txt','text','Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. ','Packs of Tailspin','The Quay','2026-01-01',NULL,'2026-01-02T00:00:00.000000+00:00');
INSERT INTO "documents" VALUES(2,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','quay/packs.html','html','Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. Tailspin shipped packs. ','Packs of Tailspin','The Quay','2026-01-01',NULL,'2026-01-03T00:00:00.000000+00:00');
CREATE TABLE extraction_claims (
	extraction INTEGER NOT NULL, 
	claim VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	PRIMARY KEY (extraction, claim), 
	FOREIGN KEY(extraction) REFERENCES extractions (number), 
	FOREIGN KEY(claim) REFERENCES claims (id)
);
INSERT INTO "extraction_claims" VALUES(1,'a578d5bd3f699ed1',0);
INSERT INTO "extraction_claims" VALUES(1,'d307602853513aba',1);
INSERT INTO "extraction_claims" VALUES(1,'49a5829921a42e59',2);
INSERT INTO "extraction_claims" VALUES(1,'587d5a129218f0a3',3);
INSERT INTO "extraction_claims" VALUES(2,'44d4b3ba35374ba8',0);
INSERT INTO "extraction_claims" VALUES(2,'ed733d661148539a',1);
INSERT INTO "extraction_claims" VALUES(2,'a76b224c404a8c77',2);
INSERT INTO "extraction_claims" VALUES(3,'a578d5bd3f699ed1',0);
INSERT INTO "extraction_claims" VALUES(3,'d307602853513aba',1);
INSERT INTO "extraction_claims" VALUES(3,'587d5a129218f0a3',2);
INSERT INTO "extraction_claims" VALUES(3,'f02125e7f154fc4f',3);
INSERT INTO "extraction_claims" VALUES(4,'a578d5bd3f699ed1',0);
INSERT INTO "extraction_claims" VALUES(4,'d307602853513aba',1);
INSERT INTO "extraction_claims" VALUES(4,'49a5829921a42e59',2);
INSERT INTO "extraction_claims" VALUES(4,'587d5a129218f0a3',3);
CREATE TABLE extractions (
	number INTEGER NOT NULL, 
	document VARCHAR(64) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	recorded_at VARCHAR(40) NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(document) REFERENCES documents (id)
);
INSERT INTO "extractions" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','f3bd288a48751d16d1d7c8262f44ff4e714f064d7b72fb84f1a94193ced4e54b','2026-01-02T00:00:00.000000+00:00');
INSERT INTO "extractions" VALUES(2,'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','378feebacd6f8aa9c55b3e45bc8dc6a2c08096ca3f6896f11ad9790bf47a5f4c','2026-01-03T00:00:00.000000+00:00');
INSERT INTO "extractions" VALUES(3,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','28c12ea1d8babbedcac41764cb4e62b3d0da5b03e8d53c646218902d9eaf099f','2026-01-07T00:00:00.000000+00:00');
INSERT INTO "extractions" VALUES(4,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','f3bd288a48751d16d1d7c8262f44ff4e714f064d7b72fb84f1a94193ced4e54b','2026-01-10T00:00:00.000000+00:00');
CREATE TABLE readings (
	number INTEGER NOT NULL, 
	extraction INTEGER NOT NULL, 
	document VARCHAR(64) NOT NULL, 
	story VARCHAR(200) NOT NULL, 
	value_text TEXT NOT NULL, 
	value_start INTEGER, 
	value_end INTEGER, 
	value FLOAT, 
	low FLOAT, 
	high FLOAT, 
	unit VARCHAR(100) NOT NULL, 
	approx VARCHAR(100), 
	label VARCHAR(100) NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(extraction) REFERENCES extractions (number), 
	FOREIGN KEY(document) REFERENCES documents (id)
);
CREATE TABLE stories (
	number INTEGER NOT NULL, 
	extraction INTEGER NOT NULL, 
	id VARCHAR(200) NOT NULL, 
	document VARCHAR(64) NOT NULL, 
	label VARCHAR(20) NOT NULL, 
	start INTEGER, 
	"end" INTEGER, 
	title TEXT, 
	anchor_date VARCHAR(40), 
	anchor_from VARCHAR(40), 
	PRIMARY KEY (number), 
	FOREIGN KEY(extraction) REFERENCES extractions (number), 
	FOREIGN KEY(document) REFERENCES documents (id)
);
INSERT INTO "stories" VALUES(1,1,'s1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','core',0,400,NULL,NULL,NULL);
INSERT INTO "stories" VALUES(2,2,'s1','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','core',NULL,NULL,NULL,NULL,NULL);
INSERT INTO "stories" VALUES(3,3,'s1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','core',0,400,NULL,NULL,NULL);
INSERT INTO "stories" VALUES(4,4,'s1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','core',0,400,NULL,NULL,NULL);
CREATE INDEX ix_extractions_document ON extractions (document);
CREATE INDEX ix_claims_document ON claims (document);
CREATE INDEX claims_measure_tier ON claims (measure, tier);
CREATE INDEX claims_subject ON claims (subject);
CREATE INDEX ix_checks_run ON checks (run);
CREATE INDEX ix_derived_run ON derived (run);
CREATE INDEX ix_stories_extraction ON stories (extraction);
CREATE INDEX ix_readings_extraction ON readings (extraction);
CREATE INDEX ix_extraction_claims_claim ON extraction_claims (claim);
CREATE INDEX ix_decisions_claim ON decisions (claim);
COMMIT;

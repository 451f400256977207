/// What erasing a patient does with the rows of a table.
enum ErasureRule: Sendable, Hashable {
    /// The patient's own, and those of scans that nobody else has, are deleted.
    case rowsGo
    /// The same, by the foreign key to that table.
    case rowsGoWith(String)
    /// What names the patient, or one of the files, is overwritten.
    case namesGo
    /// It holds nothing of a patient.
    case stays

    /// Every table of the schema: a test fails where one is not here, and where rows stay that should go. Whoever adds a table
    /// says here what goes, and lets `ErasurePlan` take it.
    static let ofTables: [String: ErasureRule] = [
        "patients": .rowsGo, "scans": .rowsGo, "file_stamps": .rowsGo, "sightings": .rowsGo, "analyses": .rowsGo,
        "findings": .rowsGoWith("analyses"), "reaffirmations": .rowsGo, "departures": .rowsGo, "acceptances": .rowsGo,
        "labels": .rowsGo, "outlines": .rowsGo, "thumbnails": .rowsGo, "heat_maps": .rowsGo, "embeddings": .rowsGo,
        // Sentences with counts, and prefixes of hashes.
        "run_notices": .stays,
        // The arguments.
        "runs": .namesGo,
        "models": .stays, "pipelines": .stays, "pipeline_models": .stays,
        // A keyed hash instead of the patient's id.
        "audit": .stays, "erasure": .stays, "grdb_migrations": .stays,
    ]
}

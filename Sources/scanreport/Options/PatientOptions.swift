import ArgumentParser
import Batch

/// What tells whose the scans are.
struct PatientOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "A CSV file with the columns scan, patient and, if need be, spacing_um_px.", valueName: "csv"))
    var manifest: String?

    @Flag(
        name: .long, help: "Start nothing unless the manifest names every scan that is found, and no other (exit 65).")
    var manifestStrict = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A regular expression over a scan's path with a group (?<patient>...).", valueName: "regex"))
    var patientPattern: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A regular expression with a group (?<patient>...) over what the Code 128, QR and Data Matrix codes on the "
                + "slide's label and macro image say.", valueName: "regex"))
    var patientFromLabel: String?

    func validate() throws {
        if manifestStrict && manifest == nil {
            throw ValidationError("--manifest-strict needs --manifest.")
        }
    }

    func assignment() throws(BatchError) -> PatientAssignment {
        PatientAssignment(
            manifest: try manifest.map { (path) throws(BatchError) in try Manifest(path: path) },
            pattern: try patientPattern.map { (text) throws(BatchError) in try PatientPattern(text) },
            isStrict: manifestStrict)
    }

    func labelPattern() throws(BatchError) -> PatientPattern? {
        try patientFromLabel.map { (text) throws(BatchError) in try PatientPattern(text) }
    }
}

import Findings

/// Says whom a scan is of by what its label says.
struct LabelAssignment {
    let pattern: PatientPattern

    /// - Parameters:
    ///   - codes: nil where the label could not be read.
    ///   - planned: whom the scan is of without its label.
    /// - Returns: whom it is of, and what a person should know of it: the manifest counts before the label, and nothing is
    ///   guessed of several codes.
    func patients(codes: [String]?, planned: [Patient]) -> (patients: [Patient], problem: Notice.Kind?) {
        let ids = Set((codes ?? []).compactMap { pattern.patient(in: $0) }).sorted()
        let isInManifest = planned.contains { $0.source == .manifest }
        guard let id = ids.first else { return (planned, isInManifest ? nil : .labelUnread) }
        guard ids.count == 1 else { return (planned, .labelAmbiguous) }
        guard isInManifest else { return ([Patient(id: id, source: .label)], nil) }
        return (planned, planned.contains { $0.id == id } ? nil : .labelContradicted)
    }
}

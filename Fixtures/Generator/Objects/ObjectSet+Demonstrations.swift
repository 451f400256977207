extension ObjectSet {
    /// The set in `Fixtures/blood-smear`.
    public static let bloodSmear = ObjectSet(
        scans: patients("SMEAR", count: 2) { patient, scan in
            SmearScene(seed: 300 + 10 * patient + scan, patient: 30 + patient, width: 640, height: 480)
        })

    /// The set in `Fixtures/nuclei`: the first patient's scans are of fluorescence, the second's of tissue.
    public static let nuclei = ObjectSet(
        scans: patients("NUCLEI", count: 2) { patient, scan in
            NucleusScene(
                kind: patient == 0 ? .fluorescence : .tissue, seed: 400 + 10 * patient + scan, patient: 40 + patient,
                width: 320, height: 256)
        })

    /// Two scans a patient, in two flavours.
    private static func patients(
        _ prefix: String, count: UInt64, scene: (_ patient: UInt64, _ scan: UInt64) -> any ObjectScene
    ) -> [PlannedScan] {
        (0..<count).flatMap { patient -> [PlannedScan] in
            (UInt64(0)..<2).map { scan in
                let name = "\(prefix)000\(patient + 1)"
                return PlannedScan(
                    patient: name, name: "\(name)-0\(scan + 1)", scene: scene(patient, scan),
                    flavour: scan == 0 ? .jpegStrips : .lzwTiles)
            }
        }
    }
}

import NeuralNetworks

/// What a set of small scans shall hold.
public struct ScanSetPlan: Sendable {
    public var seed: UInt64
    /// Each has one diagnosis (the classes take turns) and one stain.
    public var patients: Int
    public var scansPerPatient: ClosedRange<Int>
    /// Pixels a side; both sides of a scan are drawn on their own.
    public var side: ClosedRange<Int>
    /// Taken in turns.
    public var flavours: [Flavour]
    /// The share of scans that show the tissue's edge and glass.
    public var edgeShare: Double
    /// How many scans of bare glass follow, spread over the first patients. They have no class, so no manifest lists them.
    public var blankScans: Int
    public var patientPrefix: String
    /// Recorded in the manifest.
    public var split: String
    /// Micrometres per pixel.
    public var spacing: Double
    /// Whether the resolution tags tell the spacing.
    public var tellsSpacing: Bool

    public init(
        seed: UInt64, patients: Int, scansPerPatient: ClosedRange<Int>, side: ClosedRange<Int>,
        flavours: [Flavour] = Flavour.lossless, edgeShare: Double = 0.2, blankScans: Int = 0,
        patientPrefix: String = "SYN", split: String = "train", spacing: Double = Scene.trainingSpacing,
        tellsSpacing: Bool = false
    ) {
        self.seed = seed
        self.patients = patients
        self.scansPerPatient = scansPerPatient
        self.side = side
        self.flavours = flavours
        self.edgeShare = edgeShare
        self.blankScans = blankScans
        self.patientPrefix = patientPrefix
        self.split = split
        self.spacing = spacing
        self.tellsSpacing = tellsSpacing
    }
}

/// One scan of a set before it is drawn.
struct PlannedScan: Sendable {
    let patient: String
    /// Paths in the set's folder.
    let path: String
    let maskPath: String
    let scene: Scene
    let flavour: Flavour
    let isBlank: Bool
}

extension ScanSetPlan {
    /// All scans, patient by patient; each is known from the seed and its numbers alone.
    func scans() throws(FixtureError) -> [PlannedScan] {
        // A scan of tissue has more colours than a palette; a blank one has a single colour and always gets it.
        let usable = flavours.filter { $0 != .palette }
        guard patients > 0, scansPerPatient.lowerBound > 0, side.lowerBound >= 16, side.upperBound <= 8192,
            spacing > 0, Double(side.upperBound) * spacing <= Scene.longestWholeSide, !usable.isEmpty, blankScans >= 0,
            blankScans <= patients, (0...1).contains(edgeShare)
        else {
            throw FixtureError(
                .misuse,
                "a set needs patients with scans of 16 to 8192 pixels and at most \(Int(Scene.longestWholeSide)) um a side, "
                    + "a flavour for tissue, and at most one blank scan a patient")
        }
        var planned: [PlannedScan] = []
        var turn = 0
        for patient in 0..<patients {
            var random = SplitMix64(seed: seed, purpose: .patient, column: patient)
            let stain = random.next()
            for scan in 0..<random.integer(scansPerPatient) {
                planned.append(
                    plan(
                        patient: patient, scan: scan, stain: stain, flavour: usable[turn % usable.count], isBlank: false
                    ))
                turn += 1
            }
            if patient < blankScans {
                planned.append(
                    plan(
                        patient: patient, scan: scansPerPatient.upperBound, stain: stain, flavour: .palette,
                        isBlank: true))
            }
        }
        return planned
    }

    private func plan(patient: Int, scan: Int, stain: UInt64, flavour: Flavour, isBlank: Bool) -> PlannedScan {
        var random = SplitMix64(seed: seed, purpose: .scene, column: scan, row: patient)
        let extent: TissueExtent = isBlank ? .nowhere : random.chance(edgeShare) ? .edge : .everywhere
        let scene = Scene(
            seed: random.next(), patient: stain,
            glandClass: GlandClass.allCases[patient % GlandClass.allCases.count], width: random.integer(side),
            height: random.integer(side), spacing: spacing, tissue: extent)
        let name = patientPrefix + Self.digits(patient + 1, count: 4)
        let file = "\(name)/\(name)-\(Self.digits(scan + 1, count: 2))"
        return PlannedScan(
            patient: name, path: file + ".tif", maskPath: "masks/\(file).png", scene: scene, flavour: flavour,
            isBlank: isBlank)
    }

    private static func digits(_ number: Int, count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

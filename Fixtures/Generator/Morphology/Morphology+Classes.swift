extension Morphology {
    /// The tissue of a class.
    static func of(_ glandClass: GlandClass) -> Morphology {
        switch glandClass {
        case .normal: normal
        case .polyp: polyp
        case .lowGrade: lowGrade
        case .highGrade: highGrade
        case .adenocarcinoma: adenocarcinoma
        case .serrated: serrated
        }
    }

    /// Round, regular crypts like test tubes cut across: many goblet cells, one row of thin basal nuclei, small lumen.
    private static let normal = Morphology(
        lattice: .init(pitch: 90, jitter: 0.12, occupancy: 0.97, fusion: 0, stretch: 1.0...1.3, tortuosity: 0.1),
        outline: .init(diameter: 70...88, irregularity: 0.04, gap: 9),
        lumen: .init(shape: .round, content: .mucus, share: 0.10...0.22, holes: 0...0),
        goblets: .init(share: 0.85, width: 12),
        nuclei: .init(
            length: 5.5, width: 5, spacing: 5.2, layers: 1, depth: 0.05, haematoxylin: 1.0, pleomorphism: 0.15),
        epithelium: Dye(haematoxylin: 0.46, eosin: 0.20),
        stroma: .init(lymphocytes: 0.28, fibroblasts: 0.16, paleness: 0.5, eosin: 0.24))

    /// Dilated crypts of uneven size with wide lumina, fewer goblet cells, inflamed stroma.
    private static let polyp = Morphology(
        lattice: .init(pitch: 104, jitter: 0.22, occupancy: 0.88, fusion: 0, stretch: 1.1...1.7, tortuosity: 0.35),
        outline: .init(diameter: 60...112, irregularity: 0.09, gap: 9),
        lumen: .init(shape: .round, content: .mucus, share: 0.2...0.46, holes: 0...0),
        goblets: .init(share: 0.6, width: 11),
        nuclei: .init(
            length: 7, width: 5, spacing: 5.2, layers: 1, depth: 0.1, haematoxylin: 0.95, pleomorphism: 0.25),
        epithelium: Dye(haematoxylin: 0.44, eosin: 0.24),
        stroma: .init(lymphocytes: 0.42, fibroblasts: 0.14, paleness: 0.42, eosin: 0.27))

    /// Tubules of crowded, pencil-shaped nuclei that stay in the lower half; few goblet cells; slit lumina.
    private static let lowGrade = Morphology(
        lattice: .init(pitch: 106, jitter: 0.18, occupancy: 0.93, fusion: 0, stretch: 1.3...2.2, tortuosity: 0.45),
        outline: .init(diameter: 76...112, irregularity: 0.07, gap: 9),
        lumen: .init(shape: .slit, content: .mucus, share: 0.2...0.42, holes: 0...0),
        goblets: .init(share: 0.15, width: 10),
        nuclei: .init(
            length: 12, width: 4, spacing: 6.4, layers: 2, depth: 0.45, haematoxylin: 1.05, pleomorphism: 0.2),
        epithelium: Dye(haematoxylin: 0.34, eosin: 0.22),
        stroma: .init(lymphocytes: 0.32, fibroblasts: 0.16, paleness: 0.48, eosin: 0.27))

    /// Back-to-back glands, nuclei through the whole thickness, dark, without polarity; holes as in a sieve.
    private static let highGrade = Morphology(
        lattice: .init(pitch: 124, jitter: 0.2, occupancy: 0.9, fusion: 0.25, stretch: 1.2...2.0, tortuosity: 0.6),
        outline: .init(diameter: 96...138, irregularity: 0.11, gap: 7),
        lumen: .init(shape: .slit, content: .mucus, share: 0.16...0.36, holes: 1...4),
        goblets: .init(share: 0.02, width: 9),
        nuclei: .init(
            length: 10, width: 5.2, spacing: 8, layers: 4, depth: 0.95, haematoxylin: 1.1, pleomorphism: 0.35),
        epithelium: Dye(haematoxylin: 0.38, eosin: 0.22),
        stroma: .init(lymphocytes: 0.25, fibroblasts: 0.2, paleness: 0.75, eosin: 0.25))

    /// Angular, fused glands in a desmoplastic stroma: large uneven nuclei and dirty necrosis in the lumina.
    private static let adenocarcinoma = Morphology(
        lattice: .init(pitch: 128, jitter: 0.3, occupancy: 0.86, fusion: 0.5, stretch: 1.1...1.9, tortuosity: 0.9),
        outline: .init(diameter: 88...156, irregularity: 0.2, gap: 8),
        lumen: .init(shape: .slit, content: .debris, share: 0.18...0.45, holes: 0...4),
        goblets: .init(share: 0, width: 9),
        nuclei: .init(
            length: 9.5, width: 6.4, spacing: 10.5, layers: 4, depth: 0.9, haematoxylin: 1.05, pleomorphism: 0.8),
        epithelium: Dye(haematoxylin: 0.30, eosin: 0.27),
        stroma: .init(lymphocytes: 0.22, fibroblasts: 0.4, paleness: 0.52, eosin: 0.36))

    /// Wide crypts whose lumen is cut like a saw, eosinophilic cytoplasm, basal pencil nuclei.
    private static let serrated = Morphology(
        lattice: .init(pitch: 116, jitter: 0.18, occupancy: 0.95, fusion: 0, stretch: 1.0...1.5, tortuosity: 0.3),
        outline: .init(diameter: 88...128, irregularity: 0.07, gap: 9),
        lumen: .init(shape: .sawtooth(teeth: 4...8), content: .mucus, share: 0.3...0.46, holes: 0...0),
        goblets: .init(share: 0.35, width: 10),
        nuclei: .init(
            length: 9, width: 4.4, spacing: 6, layers: 2, depth: 0.22, haematoxylin: 0.95, pleomorphism: 0.2),
        epithelium: Dye(haematoxylin: 0.40, eosin: 0.34),
        stroma: .init(lymphocytes: 0.46, fibroblasts: 0.14, paleness: 0.3, eosin: 0.28))
}

import NeuralNetworks

/// Nuclei: bright on dark ground, as a fluorescent dye shows them, or dark in stained tissue.
struct NucleusScene: ObjectScene {
    enum Kind: Sendable {
        case fluorescence
        case tissue
    }

    let kind: Kind
    let seed: UInt64
    /// The seed of what a patient's scans share: the stain.
    let patient: UInt64
    let width: Int
    let height: Int

    func draw() -> ObjectDrawing {
        var shared = SplitMix64(seed: patient, purpose: .patient)
        let stain = Stain(random: &shared)
        let texture = NoiseTexture(seed: seed, layer: 0)
        var canvas = ObjectCanvas(width: width, height: height) { x, y in
            switch kind {
            case .fluorescence: SIMD3(repeating: 14 + texture.value(x: x / 70, y: y / 70) * 4)
            case .tissue:
                // Fibres: noise that is long along the diagonal.
                stain.colour(
                    haematoxylin: 0.08, eosin: 0.3 + 0.12 * texture.value(x: (x + y) / 40, y: (x - y) / 7))
            }
        }
        var random = SplitMix64(seed: seed, purpose: .scene)
        var placement = Placement(width: width, height: height, gap: 2)
        for _ in 0..<width * height / 1_800 {
            let halfLength = random.uniform(9...15)
            guard let centre = placement.place(reach: halfLength * 1.05, random: &random) else { continue }
            let blob = Blob(
                centre: centre, halfLength: halfLength, halfWidth: halfLength * random.uniform(0.6...0.9),
                waviness: 0.03, random: &random)
            let strength = Float(random.uniform(0...1))
            canvas.beginObject("nucleus")
            canvas.paint(blob, softness: 2) { depth, x, y in
                let chromatin = texture.value(x: x / 3, y: y / 3)
                switch kind {
                case .fluorescence:
                    return (SIMD3(repeating: 95 + 110 * strength + 18 * chromatin + 12 * min(1, depth * 3)), 1)
                case .tissue:
                    let dye = 0.7 + 0.35 * strength + 0.12 * chromatin
                    return (stain.colour(haematoxylin: dye, eosin: 0.15), 0.95)
                }
            }
        }
        return canvas.developed(Grain(seed: seed))
    }
}

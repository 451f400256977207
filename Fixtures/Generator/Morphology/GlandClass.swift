/// The diagnosis that a scan is drawn for, with the names of EBHI-Seg (Shi et al., Frontiers in Medicine 10, 2023).
public enum GlandClass: String, CaseIterable, Sendable {
    case normal = "Normal"
    case polyp = "Polyp"
    case lowGrade = "Low-grade IN"
    case highGrade = "High-grade IN"
    case adenocarcinoma = "Adenocarcinoma"
    case serrated = "Serrated adenoma"
}

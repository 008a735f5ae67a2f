"""The customers of the demo company: who they are, and how they have paid so far. All fictional, in real towns."""

from dataclasses import dataclass, field

# Days from the due date to the payment, one invoice after the other.
PUNCTUAL = (0, -1, 2, 0)
USUAL = (3, 1, 6, 2, 9)
SLOW = (12, 5, 18, 9, 24)


@dataclass(frozen=True)
class Habit:
    """Invoices paid in the past: how many, how far apart, the last one's day, an order of magnitude, the delays."""

    number: int = 5
    every: int = 62
    last: int = -142
    net: int = 1200
    delays: tuple = USUAL


@dataclass(frozen=True)
class Customer:
    """A customer, with what its debtor's page says."""

    key: str
    name: str
    street: str
    zip: str
    city: str
    country: str = "fr"
    kind: str = "business"
    terms: str = "30"
    collector: str | None = "collector1"
    email: str | None = "comptabilite"
    lang: str = "fr_FR"
    contact: str | None = None
    key_account: bool = False
    payer: str | None = None
    habit: Habit | None = field(default_factory=Habit)


PAYERS = (
    Customer(
        "capsante",
        "Centrale d'achats Cap Santé",
        "21 boulevard de la Robiquette",
        "35000",
        "Rennes",
        email="fournisseurs",
        contact="Nolwenn Jégou",
    ),
)

CUSTOMERS = (
    # One situation each: see situations.py
    Customer("legoff", "Menuiserie Le Goff", "8 rue de Kergariou", "29000", "Quimper", habit=Habit(6, 58, net=2100)),
    Customer("remparts", "Hôtel des Remparts", "5 rue du Grand Bé", "35400", "Saint-Malo", collector="collector2"),
    Customer("guillou", "Ferronnerie Guillou", "17 rue des Forgerons", "22000", "Saint-Brieuc", habit=Habit(net=3400)),
    Customer("corbel", "Boulangerie Corbel", "2 place des Lices", "56000", "Vannes", habit=Habit(8, 45, -132, 640)),
    Customer("vautier", "Carrosserie Vautier", "40 route d'Alençon", "35300", "Fougères", collector="collector2"),
    Customer(
        "hopital",
        "Centre hospitalier Anne-de-Bretagne",
        "1 avenue de l'Hôpital",
        "22600",
        "Loudéac",
        kind="public",
        terms="50",
        email="mandatement",
        habit=Habit(6, 60, -170, 5200, SLOW),
    ),
    Customer(
        "armorique",
        "SCCV Les Jardins d'Armorique",
        "33 mail François-Mitterrand",
        "35000",
        "Rennes",
        collector="collector2",
        contact="Yann Riou",
        habit=Habit(2, 80, -160, 14500),
    ),
    Customer(
        "embruns",
        "Clinique des Embruns",
        "12 rue du Phare",
        "56100",
        "Lorient",
        payer="capsante",
        habit=Habit(last=-49),
    ),
    Customer("vallon", "Clinique du Vallon", "4 allée du Vallon", "35700", "Rennes", payer="capsante"),
    Customer("hortensias", "EHPAD Les Hortensias", "9 rue de Kerbonne", "29200", "Brest", payer="capsante"),
    Customer("closfleuri", "EHPAD Le Clos Fleuri", "6 route de Trégastel", "22300", "Lannion", payer="capsante"),
    Customer(
        "rives",
        "Maison de santé des Rives",
        "27 rue de la Vecquerie",
        "44600",
        "Saint-Nazaire",
        payer="capsante",
        habit=Habit(3),
    ),
    Customer(
        "kermarec",
        "Laboratoire Kermarec",
        "15 rue du Fil",
        "56300",
        "Pontivy",
        payer="capsante",
        habit=Habit(4, last=-52, net=900),
    ),
    Customer(
        "menez",
        "Centre de rééducation du Menez",
        "3 quai Jean-Moulin",
        "29150",
        "Châteaulin",
        payer="capsante",
        habit=Habit(4, 70),
    ),
    Customer(
        "tyglaz",
        "Résidence autonomie Ty Glaz",
        "18 rue du Trieux",
        "22200",
        "Guingamp",
        payer="capsante",
        habit=Habit(4, 70, net=800),
    ),
    Customer(
        "filaos",
        "Hôtel Les Filaos",
        "62 rue du Général-de-Gaulle",
        "97434",
        "Saint-Gilles-les-Bains",
        country="re",
        collector="collector2",
        terms="60",
        habit=Habit(3, 90, -190, 6800),
    ),
    Customer(
        "caradec",
        "Élise Caradec",
        "7 allée des Châtaigniers",
        "35510",
        "Cesson-Sévigné",
        kind="consumer",
        email="elise.caradec",
        collector="collector2",
        habit=None,
    ),
    Customer(
        "morvan", "Transports Morvan", "ZA de la Boissière", "29600", "Morlaix", habit=Habit(5, 62, -210, 1700, SLOW)
    ),
    Customer("perrot", "Garage Perrot", "51 rue de Paris", "35500", "Vitré", contact="Marc Perrot"),
    Customer(
        "harborline",
        "Harborline Interiors LLC",
        "210 Atlantic Avenue",
        "02110",
        "Boston MA",
        country="us",
        collector="collector2",
        email="payables",
        lang="en_US",
        terms="60",
        habit=Habit(3, 90, -190, 7200),
    ),
    Customer(
        "leman",
        "Atelier du Léman Sàrl",
        "14 rue de Bourg",
        "1003",
        "Lausanne",
        country="ch",
        collector="collector2",
        habit=Habit(3, 90, -160, 3900),
    ),
    Customer(
        "patrimoine",
        "SCI Kerbrise Patrimoine",
        "14 rue des Ajoncs",
        "35760",
        "Saint-Grégoire",
        collector=None,
        habit=Habit(3),
    ),
    Customer("aulne", "Fonderie de l'Aulne", "Quai du Moulin", "29590", "Pont-de-Buis-lès-Quimerch", habit=Habit(4)),
    Customer("kerdoncuff", "Imprimerie Kerdoncuff", "11 rue Trottier", "56700", "Hennebont", collector="collector2"),
    Customer("genets", "Camping Les Genêts", "Route de Kerlann", "56340", "Carnac", habit=Habit(4, 75, net=4100)),
    Customer("rolland", "Ébénisterie Rolland", "3 quai Surcouf", "35600", "Redon", email=None, collector="collector2"),
    Customer("ponant", "École de voile du Ponant", "Corniche du Stiff", "29217", "Le Conquet", habit=Habit(3)),
    Customer("trieux", "Brasserie du Trieux", "22 quai Morand", "22500", "Paimpol", collector="collector2"),
    Customer("treguier", "Entreprise générale Tréguier", "9 rue de la Dutée", "44800", "Saint-Herblain", habit=None),
    Customer(
        "abers",
        "Le Comptoir des Abers",
        "1 place de l'Auditoire",
        "29870",
        "Lannilis",
        habit=Habit(5, 60, -160, 1300, SLOW),
    ),
    Customer(
        "lescop",
        "Cuisines Lescop",
        "45 rue du Val",
        "56800",
        "Ploërmel",
        collector="collector2",
        habit=Habit(5, 60, -160, 2300, SLOW),
    ),
    Customer(
        "thebault", "Meubles Thébault", "80 avenue de Mayenne", "53000", "Laval", habit=Habit(5, 64, -150, 2600, SLOW)
    ),
    Customer(
        "cotriade",
        "Restaurant La Cotriade",
        "7 quai Franklin",
        "56400",
        "Auray",
        collector="collector2",
        habit=Habit(last=-55),
    ),
    Customer(
        "lebihan",
        "Architectes Le Bihan et associés",
        "19 quai Carnot",
        "29900",
        "Concarneau",
        contact="Rozenn Le Bihan",
        habit=Habit(last=-46),
    ),
    Customer(
        "evidence",
        "Coiffure Évidence",
        "10 rue de la Ferronnerie",
        "22100",
        "Dinan",
        collector="collector2",
        habit=Habit(last=-43),
    ),
    Customer(
        "port", "Pharmacie du Port", "3 boulevard Féart", "35800", "Dinard", habit=Habit(7, 55, -38, 950, PUNCTUAL)
    ),
    Customer("ceramiques", "Céramiques du Ménez", "Kergréis", "29510", "Briec", email="contact"),
    Customer("capouest", "Agence immobilière Cap Ouest", "24 avenue Lajarrige", "44500", "La Baule-Escoublac"),
    Customer(
        "korrigan",
        "Assurances Korrigan",
        "6 quai Lamennais",
        "35000",
        "Rennes",
        collector="collector2",
        key_account=True,
        terms="45fm",
        contact="Solène Hascoët",
        habit=Habit(9, 45, -120, 8600, USUAL),
    ),
    Customer(
        "pivoine",
        "Fleurs Pivoine",
        "13 rue Vasselot",
        "35000",
        "Rennes",
        collector="collector2",
        habit=Habit(6, 50, -37, 380),
    ),
    Customer(
        "thalasso",
        "Thalasso Grand Large",
        "Pointe du Goulvars",
        "56170",
        "Quiberon",
        collector="collector2",
        habit=Habit(6, 58, -36, 7400, PUNCTUAL),
    ),
    # Those who pay, month after month
    Customer(
        "kermadec",
        "Notaires Kermadec et associés",
        "2 place du Parlement",
        "35000",
        "Rennes",
        habit=Habit(18, 31, -14, 1450, PUNCTUAL),
    ),
    Customer(
        "odet",
        "Clinique vétérinaire de l'Odet",
        "30 route de Bénodet",
        "29000",
        "Quimper",
        terms="45fm",
        habit=Habit(18, 31, -11, 720, USUAL),
    ),
    Customer(
        "leguer",
        "Cidrerie du Léguer",
        "Moulin de Kergrist",
        "22300",
        "Lannion",
        collector="collector2",
        habit=Habit(12, 44, -20, 1980, USUAL),
    ),
    Customer(
        "syndicat",
        "Syndicat mixte du Haut-Blavet",
        "5 place du Champ-de-Foire",
        "22480",
        "Saint-Nicolas-du-Pélem",
        kind="public",
        email="finances",
        collector="collector2",
        habit=Habit(15, 38, -18, 2750, PUNCTUAL),
    ),
    # Those who have only just begun to buy
    Customer("guichen", "Librairie du Guichen", "4 rue du Général-Leclerc", "35580", "Guichen", habit=None),
    Customer(
        "varangot",
        "Optique Varangot",
        "12 rue Ville-Pépin",
        "35400",
        "Saint-Malo",
        collector="collector2",
        habit=None,
    ),
    Customer("bigorneaux", "Crèche Les Bigorneaux", "1 rue des Embruns", "22700", "Perros-Guirec", habit=None),
)

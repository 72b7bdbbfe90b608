"""Words to make believable records of, by country."""

FIRST = {
    "NL": ("Anneke", "Bram", "Daniël", "Fenna", "Gijs", "Joëlle", "Koen", "Loes", "Maarten", "Noor"),
    "FR": ("Aurélie", "Benoît", "Chloé", "François", "Hélène", "Jérôme", "Maëlys", "Noémie", "Théo", "Zoé"),
    "PT": ("Ana", "António", "Beatriz", "Conceição", "Inês", "João", "José", "Lúcia", "Simão", "Tomás"),
    "DK": ("Anders", "Bjørn", "Frøya", "Grethe", "Jørgen", "Kåre", "Lærke", "Mette", "Søren", "Åse"),
    "PL": ("Agnieszka", "Błażej", "Grażyna", "Jędrzej", "Kasia", "Łukasz", "Małgorzata", "Paweł", "Zofia"),
}  # fmt: skip
LAST = {
    "NL": ("de Vries", "van den Berg", "Jansen", "Bakker", "Visser", "Smit", "Meijer", "Hoekstra", "Kuiper"),
    "FR": ("Lefèvre", "Dupont", "Gérard", "Moreau", "Bérenger", "Roux", "Françoise", "Côté", "Marchand"),
    "PT": ("Gonçalves", "Magalhães", "Simões", "Pereira", "Araújo", "Brandão", "Antunes", "Sá", "Leitão"),
    "DK": ("Sørensen", "Nørgaard", "Østergaard", "Jensen", "Kjær", "Lærkegaard", "Bæk", "Holm", "Aagaard"),
    "PL": ("Wiśniewski", "Wójcik", "Kowalczyk", "Zieliński", "Szymański", "Woźniak", "Dąbrowski", "Łuczak"),
}  # fmt: skip
STREETS = {
    "NL": ("Keizersgracht", "Dorpsstraat", "Oude Gracht", "Stationsplein", "Lange Voorhout"),
    "FR": ("rue de l’Église", "avenue Foch", "boulevard Émile-Zola", "place du Marché", "rue des Érables"),
    "PT": ("Rua da Conceição", "Avenida da República", "Travessa do Poço", "Largo São Domingos"),
    "DK": ("Nørregade", "Østerbrogade", "Søndergade", "Ågade", "Algade"),
    "PL": ("ul. Długa", "ul. Świętojańska", "al. Niepodległości", "ul. Źródlana"),
}
CITIES = {
    "NL": (("Amsterdam", "1015 CJ"), ("Utrecht", "3511 AB"), ("Groningen", "9712 HM"), ("Zwolle", "8011 PK")),
    "FR": (("Orléans", "45000"), ("Besançon", "25000"), ("Paris", "75011"), ("Saint-Étienne", "42000")),
    "PT": (("Lisboa", "1100-053"), ("Évora", "7000-810"), ("Braga", "4700-424"), ("Setúbal", "2900-182")),
    "DK": (("København", "1165"), ("Ærøskøbing", "5970"), ("Aarhus", "8000"), ("Hjørring", "9800")),
    "PL": (("Gdańsk", "80-831"), ("Łódź", "90-001"), ("Kraków", "31-042"), ("Wrocław", "50-101")),
}
TRADES = (
    "Zuivel", "Techniek", "Boekhouding", "Atelier", "Verzekering", "Optique", "Papelaria", "Værksted",
    "Bouwstoffen", "Jardins", "Conserves", "Tekstiler", "Glazenwasserij", "Réseaux", "Mecânica", "Møbler",
    "Drogist", "Librairie", "Cerâmica", "Bageri", "Kwekerij", "Menuiserie", "Azulejos", "Smedje",
)  # fmt: skip
FORMS = {"NL": "B.V.", "FR": "SARL", "PT": "Lda.", "DK": "ApS", "PL": "sp. z o.o."}
LANGUAGE = {"NL": "nl", "FR": "fr", "PT": "pt", "DK": "da", "PL": "pl"}
CURRENCY = {"NL": "EUR", "FR": "EUR", "PT": "EUR", "DK": "DKK", "PL": "PLN"}
TAX_RATE = {"NL": "21", "FR": "20", "PT": "23", "DK": "25", "PL": "23"}
ROOMS = ("Kantoor", "Magazijn", "Werkplaats", "Winkel", "Depot")

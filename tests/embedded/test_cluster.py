import psycopg


def test_characters_beyond_ascii_fold_without_icu(blank_database: str) -> None:
    with psycopg.connect(blank_database) as connection:
        folded = connection.execute("SELECT lower('É'), 'É' ILIKE 'é', lower('İ'), upper('ß')").fetchone()
    assert folded == ("é", True, "i", "ß")

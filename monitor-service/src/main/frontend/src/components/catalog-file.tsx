/** The catalog's file, in a sentence; no page is told its path. */
export function CatalogFile() {
  return (
    <>
      the catalog (<code>config/watchtower.yaml</code> unless <code>WATCHTOWER_CATALOG</code> names another)
    </>
  );
}

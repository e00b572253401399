def printed_cases(edition, folder): return []

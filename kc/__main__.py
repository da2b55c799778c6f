from kc.cli import main

main()

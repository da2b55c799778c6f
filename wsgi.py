from kc import create_app

app = create_app(background=True)

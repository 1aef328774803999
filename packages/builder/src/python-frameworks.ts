/** A Python web framework: what makes its app object, and how that is served. */
export interface PythonFramework {
  readonly name: string;
  readonly label: string;
  /** Packages that say the app uses it. */
  readonly packages: readonly string[];
  /** Dotted callables whose result is the app. */
  readonly apps: readonly string[];
  readonly serves: "wsgi" | "asgi" | "script";
}

/** The table of Python frameworks, surest first. */
export const pythonFrameworks: readonly PythonFramework[] = [
  {
    name: "django",
    label: "Django",
    packages: ["django"],
    apps: ["django.core.wsgi.get_wsgi_application"],
    serves: "wsgi",
  },
  {
    name: "django",
    label: "Django",
    packages: ["django"],
    apps: ["django.core.asgi.get_asgi_application"],
    serves: "asgi",
  },
  {
    name: "fastapi",
    label: "FastAPI",
    packages: ["fastapi"],
    apps: ["fastapi.FastAPI", "fastapi.applications.FastAPI"],
    serves: "asgi",
  },
  {
    name: "flask",
    label: "Flask",
    packages: ["flask"],
    apps: ["flask.Flask", "flask.app.Flask", "apiflask.APIFlask", "flask_openapi3.OpenAPI", "connexion.FlaskApp"],
    serves: "wsgi",
  },
  { name: "quart", label: "Quart", packages: ["quart"], apps: ["quart.Quart"], serves: "asgi" },
  {
    name: "litestar",
    label: "Litestar",
    packages: ["litestar", "starlite"],
    apps: ["litestar.Litestar", "litestar.app.Litestar", "starlite.Starlite"],
    serves: "asgi",
  },
  { name: "sanic", label: "Sanic", packages: ["sanic"], apps: ["sanic.Sanic", "sanic.app.Sanic"], serves: "asgi" },
  {
    name: "blacksheep",
    label: "BlackSheep",
    packages: ["blacksheep"],
    apps: ["blacksheep.Application", "blacksheep.server.Application"],
    serves: "asgi",
  },
  { name: "falcon", label: "Falcon", packages: ["falcon"], apps: ["falcon.App", "falcon.API"], serves: "wsgi" },
  { name: "falcon", label: "Falcon", packages: ["falcon"], apps: ["falcon.asgi.App"], serves: "asgi" },
  {
    name: "bottle",
    label: "Bottle",
    packages: ["bottle"],
    apps: ["bottle.Bottle", "bottle.default_app", "bottle.app"],
    serves: "wsgi",
  },
  {
    name: "pyramid",
    label: "Pyramid",
    packages: ["pyramid"],
    apps: ["pyramid.config.Configurator.make_wsgi_app"],
    serves: "wsgi",
  },
  {
    name: "dash",
    label: "Dash",
    packages: ["dash"],
    apps: ["dash.Dash.server", "dash.dash.Dash.server"],
    serves: "wsgi",
  },
  { name: "webpy", label: "web.py", packages: ["web.py"], apps: ["web.application.wsgifunc"], serves: "wsgi" },
  {
    name: "cherrypy",
    label: "CherryPy",
    packages: ["cherrypy"],
    apps: ["cherrypy.Application", "cherrypy.tree.mount"],
    serves: "wsgi",
  },
  {
    name: "starlette",
    label: "Starlette",
    packages: ["starlette"],
    apps: ["starlette.applications.Starlette"],
    serves: "asgi",
  },
  { name: "socketio", label: "Socket.IO", packages: ["python-socketio"], apps: ["socketio.ASGIApp"], serves: "asgi" },
  { name: "socketio", label: "Socket.IO", packages: ["python-socketio"], apps: ["socketio.WSGIApp"], serves: "wsgi" },
];

/** Calls that start a server from a script; such a file is run as it is. */
export const scriptServers: readonly { readonly label: string; readonly calls: RegExp }[] = [
  { label: "aiohttp", calls: /^aiohttp\.web\.(run_app|_run_app)$|^web\.run_app$/ },
  { label: "Tornado", calls: /^tornado\.(ioloop|web|httpserver)\b/ },
  { label: "the standard library's server", calls: /^(http\.server|socketserver|wsgiref\.simple_server)\b/ },
  { label: "Uvicorn", calls: /^uvicorn\.(run|Server)\b/ },
  { label: "Waitress", calls: /^waitress\.serve$/ },
  { label: "Gradio", calls: /^gradio\b.*launch$/ },
  { label: "Gevent", calls: /^gevent\.pywsgi\.WSGIServer\b/ },
];

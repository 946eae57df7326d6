"""deploy_kubernetes_test.py SYNCLINE MANIFEST: names, ports and files of the manifest agree with each
other, and its server and worker, with its volumes as folders of this machine, do a run and resume
it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

from deployed import Process, check, free_port, make_secrets, skip

try:
    import yaml
except ImportError:
    skip("python3-yaml is not installed")

VERSIONS = {"ConfigMap": "v1", "PersistentVolumeClaim": "v1", "Service": "v1", "Pod": "v1",
            "Deployment": "apps/v1"}


def secrets_in_comments(text):
    """Name and files of each secret, as the comment on top says that they are made."""
    joined = re.sub(r" \\\n# *", " ", text)
    found = {}
    for line in re.findall(r"^# +kubectl create secret generic (.*)$", joined, re.MULTILINE):
        name, *files = line.split()
        found[name] = [os.path.basename(word.partition("=")[2]) for word in files]
    return found


class Manifest:
    def __init__(self, path):
        text = open(path).read()
        self.secrets = secrets_in_comments(text)
        self.parts = {}
        for part in yaml.safe_load_all(text):
            check(VERSIONS.get(part["kind"]) == part["apiVersion"], "apiVersion of " + part["kind"])
            self.parts[(part["kind"], part["metadata"]["name"])] = part
        self.pod = self.only("Pod")
        self.service = self.only("Service")
        self.deployment = self.only("Deployment")

    def only(self, kind):
        found = [part for (of, _), part in self.parts.items() if of == kind]
        check(len(found) == 1, "one " + kind)
        return found[0]

    def source_of(self, volume):
        """What a volume holds: a dictionary of files, or None where the run writes."""
        if "configMap" in volume:
            name = volume["configMap"]["name"]
            check(("ConfigMap", name) in self.parts, "config map " + name)
            return self.parts[("ConfigMap", name)]["data"]
        if "secret" in volume:
            secret = volume["secret"]
            check(secret["secretName"] in self.secrets, "secret " + secret["secretName"])
            check(secret["defaultMode"] == 0o440, "keys that only their group may read")
            return dict.fromkeys(self.secrets[secret["secretName"]])
        claim = volume["persistentVolumeClaim"]["claimName"]
        check(("PersistentVolumeClaim", claim) in self.parts, "claim " + claim)
        return None


def words_of(container):
    return container["command"] + container.get("args", [])


def check_names(manifest):
    pod, service, deployment = manifest.pod, manifest.service, manifest.deployment
    labels = pod["metadata"]["labels"]
    check(service["spec"]["selector"].items() <= labels.items(), "the service finds the server")
    template = deployment["spec"]["template"]
    chosen = deployment["spec"]["selector"]["matchLabels"]
    check(chosen.items() <= template["metadata"]["labels"].items(), "labels of the workers")
    check(not service["spec"]["selector"].items() <= template["metadata"]["labels"].items(),
          "the service must not find workers")

    server = pod["spec"]["containers"][0]
    port = service["spec"]["ports"][0]["port"]
    check(server["ports"] == [{"containerPort": port}], "port of the server")
    check(server["readinessProbe"]["tcpSocket"]["port"] == port, "port that is probed")
    check(f"--listen 0.0.0.0:{port} " in server["args"][0], "port that serve listens at")
    worker = words_of(template["spec"]["containers"][0])
    address = worker[worker.index("--server") + 1]
    check(address == f"{service['metadata']['name']}:{port}", "where workers look for the server")


def mount(manifest, spec, folder, made):
    """Folders in the place of volumes, by the paths in the container."""
    sources = {volume["name"]: manifest.source_of(volume) for volume in spec["volumes"]}
    mounts = spec["containers"][0]["volumeMounts"]
    check(sorted(sources) == sorted(each["name"] for each in mounts), "volumes and mounts")
    places = {}
    for each in mounts:
        files = sources[each["name"]]
        check((files is None) == (not each.get("readOnly", False)), "what may be written")
        place = os.path.join(folder, each["name"])
        os.makedirs(place, exist_ok=True)
        for name, text in (files or {}).items():
            if text is None:
                shutil.copy(os.path.join(made, name), place)
            else:
                with open(os.path.join(place, name), "w") as file:
                    file.write(text)
        places[each["mountPath"]] = place
    return places


def here(words, places, port, more):
    """A container's command on this machine."""
    changed = []
    for word in words:
        for path, place in places.items():
            word = re.sub(rf"(^|\s){path}(?=/|\s|$)", lambda match: match[1] + place, word)
        word = re.sub(r"^syncline-server:\d+$", f"127.0.0.1:{port}", word)
        changed.append(re.sub(r"0\.0\.0\.0:\d+", f"0.0.0.0:{port}", word))
    if more:
        # The last word is the script of a shell.
        changed[-1] = changed[-1].rstrip() + " " + more
    return changed


def main():
    program, path = sys.argv[1:]
    manifest = Manifest(path)
    check_names(manifest)
    job = next(part["data"]["job.toml"] for (kind, _), part in manifest.parts.items()
               if kind == "ConfigMap")
    workers = int(re.search(r"^workers = (\d+)$", job, re.MULTILINE)[1])
    check(manifest.deployment["spec"]["replicas"] <= workers, "more workers than have a place")

    with tempfile.TemporaryDirectory(prefix="syncline-test-") as folder:
        os.makedirs(os.path.join(folder, "bin"))
        os.symlink(program, os.path.join(folder, "bin", "syncline"))
        environment = dict(os.environ, PATH=os.path.join(folder, "bin") + ":" + os.environ["PATH"])
        host = manifest.service["metadata"]["name"]
        made = make_secrets(program, host)
        pod = manifest.pod["spec"]
        workers_spec = manifest.deployment["spec"]["template"]["spec"]
        for each in ("server", "worker"):
            os.makedirs(os.path.join(folder, each))
        at_server = mount(manifest, pod, os.path.join(folder, "server"), made)
        at_worker = mount(manifest, workers_spec, os.path.join(folder, "worker"), made)
        shutil.rmtree(made)
        port = free_port()

        def server(more):
            words = here(words_of(pod["containers"][0]), at_server, port, more)
            return Process(words, environment)

        def worker():
            words = here(words_of(workers_spec["containers"][0]), at_worker, port, "")
            return Process(words, environment)

        # As it stands, all is accepted.
        dry = here(words_of(pod["containers"][0]), at_server, port, "--dry-run")
        done = subprocess.run(dry, env=environment, capture_output=True, text=True)
        check(done.returncode == 0, "--dry-run: " + done.stderr)
        # A small run in its place; the second time it is deleted.
        small = "--model quadratic --policy async"
        with server(small + " --updates 20") as one, worker() as two:
            two.ended(0)
            one.ended(0)
        with server(small + " --updates 1000000000") as one, worker() as two:
            one.await_text("resumed at update 20")
            one.await_text(") is up")
            one.process.send_signal(signal.SIGTERM)
            one.ended(130)
            two.ended(0)


main()

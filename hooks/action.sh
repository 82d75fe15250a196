#!/usr/bin/env bash
# The door of action.yml: install, check, tell. It only hands words on; python -I keeps what is checked out from being run.
set -euo pipefail
home="${RUNNER_TEMP}/remedy-gate" python="${RUNNER_TEMP}/remedy-gate/bin/python"
case "$1" in
  install)
    [[ "${RG_MODE}" =~ ^(all|check|publish|approvals)$ ]] || { echo "::error::mode has to be all, check, publish or approvals."; exit 2; }
    python3 -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      { echo "::error::Remedy Gate needs Python 3.11 or later: put actions/setup-python before it."; exit 3; }
    python3 -I -m venv --without-pip "${home}"
    wheels=(--quiet --no-deps --only-binary :all: --require-hashes -r "${GITHUB_ACTION_PATH}/hooks/requirements.lock")
    [[ -z "${RG_AWS:-}" ]] || wheels+=(-r "${GITHUB_ACTION_PATH}/hooks/requirements-aws.lock")
    { command -v uv > /dev/null && uv pip install --no-config --python "${python}" "${wheels[@]}"; } || # a tenth of pip's time
      python3 -I -m pip --python "${python}" install --no-input --disable-pip-version-check --no-compile "${wheels[@]}"
    packages="$("${python}" -I -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
    printf '%s\n' "${GITHUB_ACTION_PATH}" > "${packages}/remedy_gate.pth" ;;
  check)
    report="${RG_REPORT:-${RUNNER_TEMP}/remedy-gate.json}"
    rm -f -- "${report}" # what is checked out may have brought one
    words=(--format json "--output=${report}") status=0
    [[ -z "${RG_BASE}" ]] || words+=("--base=${RG_BASE}") # without it, check reads the event
    [[ -z "${RG_POLICY}" ]] || words+=("--policy=${RG_POLICY}")
    [[ -z "${RG_REMEDIES}" ]] || words+=("--remedies=${RG_REMEDIES}")
    while IFS= read -r spec; do [[ -z "${spec}" ]] || words+=("--findings=${spec}"); done <<< "${RG_FINDINGS}"
    "${python}" -I -m remedy_gate check "${words[@]}" || status=$?
    printf 'status=%s\nreport=%s\n' "${status}" "${report}" >> "${GITHUB_OUTPUT}" ;;
  approvals) for verb in collect publish; do "${python}" -I -m remedy_gate queue "${verb}" ${RG_POLICY:+"--policy=${RG_POLICY}"}; done ;;
  tell) words=(publish ${RG_POLICY:+"--policy=${RG_POLICY}"} ${RG_CHECK_RUN:+"--check-run=${RG_CHECK_RUN}"} "${RG_REPORT}") # what comes of it never changes the verdict
    [[ ! -f "${RG_REPORT}" ]] || "${python}" -I -m remedy_gate "${words[@]}" || echo "::warning::The report was not posted everywhere." ;;
esac

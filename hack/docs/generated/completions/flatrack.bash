_flatrack() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="flatrack"
                ;;
            flatrack,apparmor)
                cmd="flatrack__subcmd__apparmor"
                ;;
            flatrack,bundle)
                cmd="flatrack__subcmd__bundle"
                ;;
            flatrack,doctor)
                cmd="flatrack__subcmd__doctor"
                ;;
            flatrack,events)
                cmd="flatrack__subcmd__events"
                ;;
            flatrack,exec)
                cmd="flatrack__subcmd__exec"
                ;;
            flatrack,explain)
                cmd="flatrack__subcmd__explain"
                ;;
            flatrack,gen)
                cmd="flatrack__subcmd__gen"
                ;;
            flatrack,generate)
                cmd="flatrack__subcmd__generate"
                ;;
            flatrack,info)
                cmd="flatrack__subcmd__info"
                ;;
            flatrack,kill)
                cmd="flatrack__subcmd__kill"
                ;;
            flatrack,list)
                cmd="flatrack__subcmd__list"
                ;;
            flatrack,metrics)
                cmd="flatrack__subcmd__metrics"
                ;;
            flatrack,override)
                cmd="flatrack__subcmd__override"
                ;;
            flatrack,permissions)
                cmd="flatrack__subcmd__permissions"
                ;;
            flatrack,policy)
                cmd="flatrack__subcmd__policy"
                ;;
            flatrack,ps)
                cmd="flatrack__subcmd__ps"
                ;;
            flatrack,run)
                cmd="flatrack__subcmd__run"
                ;;
            flatrack,spec)
                cmd="flatrack__subcmd__spec"
                ;;
            flatrack,stats)
                cmd="flatrack__subcmd__stats"
                ;;
            flatrack,stop)
                cmd="flatrack__subcmd__stop"
                ;;
            flatrack,top)
                cmd="flatrack__subcmd__top"
                ;;
            flatrack,update)
                cmd="flatrack__subcmd__update"
                ;;
            flatrack__subcmd__apparmor,denials)
                cmd="flatrack__subcmd__apparmor__subcmd__denials"
                ;;
            flatrack__subcmd__apparmor,load)
                cmd="flatrack__subcmd__apparmor__subcmd__load"
                ;;
            flatrack__subcmd__apparmor,show)
                cmd="flatrack__subcmd__apparmor__subcmd__show"
                ;;
            flatrack__subcmd__apparmor,status)
                cmd="flatrack__subcmd__apparmor__subcmd__status"
                ;;
            flatrack__subcmd__apparmor,unload)
                cmd="flatrack__subcmd__apparmor__subcmd__unload"
                ;;
            flatrack__subcmd__policy,check)
                cmd="flatrack__subcmd__policy__subcmd__check"
                ;;
            flatrack__subcmd__policy,show)
                cmd="flatrack__subcmd__policy__subcmd__show"
                ;;
            flatrack__subcmd__policy,test)
                cmd="flatrack__subcmd__policy__subcmd__test"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        flatrack)
            opts="-h -V --help --version run exec ps kill stop list info permissions override explain spec bundle generate update stats top events metrics apparmor policy doctor gen"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__apparmor)
            opts="-h --help show load unload status denials"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__apparmor__subcmd__denials)
            opts="-h --json --from --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --from)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__apparmor__subcmd__load)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__apparmor__subcmd__show)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__apparmor__subcmd__status)
            opts="-h --json --all --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__apparmor__subcmd__unload)
            opts="-h --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__bundle)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__doctor)
            opts="-h --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__events)
            opts="-h --json --interval --pressure --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --interval)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pressure)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__exec)
            opts="-t -h --tty --cwd --env --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__explain)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__gen)
            opts="-h --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__generate)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --image --help kube quadlet systemd"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --image)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__info)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__kill)
            opts="-s -h --signal --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --signal)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -s)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__list)
            opts="-h --user --system --installation --json --app --only-runtimes --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__metrics)
            opts="-h --listen --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --listen)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__override)
            opts="-h --json --user --system --show --reset --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__permissions)
            opts="-d -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__policy)
            opts="-h --help check show test"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__policy__subcmd__check)
            opts="-h --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__policy__subcmd__show)
            opts="-h --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__policy__subcmd__test)
            opts="-d -h --json --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --file --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__ps)
            opts="-h --json --gc --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__run)
            opts="-d -p -t -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --sandbox --clear-env --env-fd --file-forwarding --app-path --app-fd --usr-path --usr-fd --bind-fd --ro-bind-fd --instance-id-fd --die-with-parent --no-desktop --parent-pid --parent-expose-pids --parent-share-pids --tty --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --app-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --app-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usr-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usr-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --bind-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ro-bind-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --instance-id-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --parent-pid)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__spec)
            opts="-d -p -h --user --system --installation --command --cwd --arch --branch --commit --devel --runtime --runtime-version --runtime-commit --session-bus --no-session-bus --a11y-bus --no-a11y-bus --no-documents-portal --log-session-bus --log-system-bus --log-a11y-bus --share --unshare --share-if --socket --nosocket --socket-if --device --nodevice --device-if --allow --disallow --allow-if --filesystem --nofilesystem --persist --env --unset-env --own-name --talk-name --no-talk-name --system-own-name --system-talk-name --system-no-talk-name --a11y-own-name --add-policy --remove-policy --usb --nousb --usb-list --cdi --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --apparmor --apparmor-mode --apparmor-stack --allow-connect --allow-bind --device-node --landlock-read-only --landlock-no-access --usb-list-file --sandbox --clear-env --env-fd --file-forwarding --app-path --app-fd --usr-path --usr-fd --bind-fd --ro-bind-fd --instance-id-fd --die-with-parent --no-desktop --parent-pid --parent-expose-pids --parent-share-pids --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --installation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --command)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cwd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --arch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --branch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-commit)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unshare)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --share-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nosocket)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --socket-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nodevice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disallow)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-if)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --filesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofilesystem)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --persist)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unset-env)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --system-no-talk-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --a11y-own-name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --add-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --remove-policy)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nousb)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cdi)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --apparmor-stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-connect)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --allow-bind)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --device-node)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-read-only)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --landlock-no-access)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usb-list-file)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --env-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --app-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --app-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usr-path)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usr-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --bind-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ro-bind-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --instance-id-fd)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --parent-pid)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__stats)
            opts="-h --json --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__stop)
            opts="-h --timeout --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --timeout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__top)
            opts="-h --json --once --interval --sort --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --interval)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sort)
                    COMPREPLY=($(compgen -W "cpu memory name" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        flatrack__subcmd__update)
            opts="-h --memory-max --memory-high --memory-low --memory-swap-max --cpu-max --cpu-weight --cpuset --pids-max --io-weight --io-max --hugetlb-64KB-max --hugetlb-2MB-max --hugetlb-32MB-max --hugetlb-1GB-max --oom-group --nice --oom-score-adj --core --cpu --fsize --memlock --nofile --nproc --stack --help"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --memory-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-high)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-low)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memory-swap-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpuset)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pids-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-weight)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --io-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-64KB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-2MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-32MB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --hugetlb-1GB-max)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-group)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nice)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --oom-score-adj)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --core)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --fsize)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --memlock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nofile)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nproc)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --stack)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _flatrack -o nosort -o bashdefault -o default flatrack
else
    complete -F _flatrack -o bashdefault -o default flatrack
fi

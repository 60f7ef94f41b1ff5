<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
  <context>
    <name>@default</name>
    <message>
      <source>surface</source>
      <translation>superficie</translation>
    </message>
    <message>
      <source>The surface: what satellites see</source>
      <translation>La superficie: lo que ven los satélites</translation>
    </message>
    <message>
      <source>root zone</source>
      <translation>zona radicular</translation>
    </message>
    <message>
      <source>The root zone: use it to plan irrigation</source>
      <translation>La zona radicular: úsela para planificar el riego</translation>
    </message>
    <message>
      <source>{0} cm, {1}</source>
      <translation>{0} cm, {1}</translation>
    </message>
    <message>
      <source>{0} or {1} cm</source>
      <translation>{0} o {1} cm</translation>
    </message>
    <message>
      <source>The last day is before the first day.</source>
      <translation>El último día es anterior al primero.</translation>
    </message>
    <message>
      <source>Data is available from {0}. Choose that day or a later one.</source>
      <translation>Hay datos desde el {0}. Elija ese día o uno posterior.</translation>
    </message>
    <message>
      <source>Data is available up to {0}. Choose that day or an earlier one.</source>
      <translation>Hay datos hasta el {0}. Elija ese día o uno anterior.</translation>
    </message>
    <message>
      <source>passphrase of the key</source>
      <translation>frase de contraseña de la clave</translation>
    </message>
    <message>
      <source>password</source>
      <translation>contraseña</translation>
    </message>
    <message>
      <source>has engine version {0}</source>
      <translation>tiene la versión {0} del motor</translation>
    </message>
    <message>
      <source>not connected</source>
      <translation>sin conexión</translation>
    </message>
    <message>
      <source>connecting …</source>
      <translation>conectando …</translation>
    </message>
    <message>
      <source>waiting for your answer</source>
      <translation>espera su respuesta</translation>
    </message>
    <message>
      <source>ready</source>
      <translation>listo</translation>
    </message>
    <message>
      <source>not reachable</source>
      <translation>no responde</translation>
    </message>
    <message>
      <source>engine not installed</source>
      <translation>motor no instalado</translation>
    </message>
    <message>
      <source>host key not accepted</source>
      <translation>clave del servidor no aceptada</translation>
    </message>
    <message>
      <source>login refused</source>
      <translation>inicio de sesión rechazado</translation>
    </message>
    <message>
      <source>login not answered</source>
      <translation>inicio de sesión sin respuesta</translation>
    </message>
    <message>
      <source>login not possible</source>
      <translation>no se puede iniciar sesión</translation>
    </message>
    <message>
      <source>not started</source>
      <translation>no iniciado</translation>
    </message>
    <message>
      <source>starting</source>
      <translation>iniciando</translation>
    </message>
    <message>
      <source>not set up yet</source>
      <translation>aún sin configurar</translation>
    </message>
    <message>
      <source>stopped</source>
      <translation>detenido</translation>
    </message>
    <message>
      <source>Connect</source>
      <translation>Conectar</translation>
    </message>
    <message>
      <source>Host key</source>
      <translation>Clave del servidor</translation>
    </message>
    <message>
      <source>Log in</source>
      <translation>Iniciar sesión</translation>
    </message>
    <message>
      <source>Run a command</source>
      <translation>Ejecutar un comando</translation>
    </message>
    <message>
      <source>Send and receive a file</source>
      <translation>Enviar y recibir un archivo</translation>
    </message>
    <message>
      <source>Disk space</source>
      <translation>Espacio en disco</translation>
    </message>
    <message>
      <source>Slurm</source>
      <translation>Slurm</translation>
    </message>
    <message>
      <source>DeepSoil's engine</source>
      <translation>Motor de DeepSoil</translation>
    </message>
    <message>
      <source>running</source>
      <translation>en ejecución</translation>
    </message>
    <message>
      <source>passed</source>
      <translation>correcto</translation>
    </message>
    <message>
      <source>passed with a warning</source>
      <translation>correcto, con una advertencia</translation>
    </message>
    <message>
      <source>failed</source>
      <translation>con error</translation>
    </message>
    <message>
      <source>skipped</source>
      <translation>omitido</translation>
    </message>
    <message>
      <source>Choose or type a host.</source>
      <translation>Elija o escriba un servidor.</translation>
    </message>
    <message>
      <source>Type the host without “@”. The user name has its own field.</source>
      <translation>Escriba el servidor sin «@». El usuario tiene su propio campo.</translation>
    </message>
    <message>
      <source>Type a host name, an address or an alias, without spaces or “/”.</source>
      <translation>Escriba un nombre de servidor, una dirección o un alias, sin espacios ni «/».</translation>
    </message>
    <message>
      <source>Give the host a name.</source>
      <translation>Ponga un nombre al servidor.</translation>
    </message>
    <message>
      <source>Another host already has this name.</source>
      <translation>Otro servidor ya tiene este nombre.</translation>
    </message>
    <message>
      <source>Choose the private key file.</source>
      <translation>Elija el archivo de la clave privada.</translation>
    </message>
    <message>
      <source>The folder must be a full path or start with “~/”, and contain no colon.</source>
      <translation>La carpeta debe ser una ruta completa o empezar por «~/», y no contener dos puntos.</translation>
    </message>
    <message>
      <source>The partition</source>
      <translation>La partición</translation>
    </message>
    <message>
      <source>The account</source>
      <translation>La cuenta</translation>
    </message>
    <message>
      <source>The QOS</source>
      <translation>La QOS</translation>
    </message>
    <message>
      <source>{0} must be a single word, as Slurm writes it.</source>
      <translation>{0} debe ser una sola palabra, tal como la escribe Slurm.</translation>
    </message>
    <message>
      <source>Download and show</source>
      <translation>Descargar y mostrar</translation>
    </message>
    <message>
      <source>Download and show finished maps</source>
      <translation>Descargar y mostrar los mapas terminados</translation>
    </message>
    <message>
      <source>Download results</source>
      <translation>Descargar resultados</translation>
    </message>
    <message>
      <source>Open folder</source>
      <translation>Abrir carpeta</translation>
    </message>
    <message>
      <source>Show on map</source>
      <translation>Mostrar en el mapa</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>State</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Dónde</translation>
    </message>
    <message>
      <source>This computer</source>
      <translation>Este equipo</translation>
    </message>
    <message>
      <source>Now</source>
      <translation>Ahora</translation>
    </message>
    <message>
      <source>Dates</source>
      <translation>Fechas</translation>
    </message>
    <message>
      <source>Depths</source>
      <translation>Profundidades</translation>
    </message>
    <message>
      <source>Region</source>
      <translation>Región</translation>
    </message>
    <message>
      <source>Model for {0} cm</source>
      <translation>Modelo para {0} cm</translation>
    </message>
    <message>
      <source>Created</source>
      <translation>Creado</translation>
    </message>
    <message>
      <source>Started</source>
      <translation>Iniciado</translation>
    </message>
    <message>
      <source>Ended</source>
      <translation>Finalizado</translation>
    </message>
    <message>
      <source>Files:</source>
      <translation>Archivos:</translation>
    </message>
    <message>
      <source>not downloaded yet</source>
      <translation>aún no descargado</translation>
    </message>
    <message>
      <source>Job</source>
      <translation>Trabajo</translation>
    </message>
    <message>
      <source>Computer</source>
      <translation>Equipo</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>waiting</source>
      <translation>en espera</translation>
    </message>
    <message>
      <source>done</source>
      <translation>terminado</translation>
    </message>
    <message>
      <source>Tasks</source>
      <translation>Tareas</translation>
    </message>
    <message>
      <source>Scheduler</source>
      <translation>Planificador</translation>
    </message>
    <message>
      <source>{0}, jobs {1}</source>
      <translation>{0}, trabajos {1}</translation>
    </message>
    <message>
      <source>Waiting for</source>
      <translation>En espera de</translation>
    </message>
    <message>
      <source>Resources requested</source>
      <translation>Recursos solicitados</translation>
    </message>
    <message>
      <source>Last contact</source>
      <translation>Último contacto</translation>
    </message>
    <message>
      <source>Field</source>
      <translation>Parcela</translation>
    </message>
    <message>
      <source>cancelled</source>
      <translation>cancelado</translation>
    </message>
    <message>
      <source>training</source>
      <translation>entrenamiento</translation>
    </message>
    <message>
      <source>simulation</source>
      <translation>simulación</translation>
    </message>
    <message>
      <source>building a region</source>
      <translation>creación de una región</translation>
    </message>
    <message>
      <source>{0} of {1} done</source>
      <translation>{0} de {1} terminadas</translation>
    </message>
    <message>
      <source>not sent yet; {0}</source>
      <translation>aún no enviado; {0}</translation>
    </message>
    <message>
      <source>will be sent as soon as the host answers</source>
      <translation>se enviará en cuanto el servidor responda</translation>
    </message>
    <message>
      <source>host not reachable; last known state: {0}</source>
      <translation>el servidor no responde; último estado conocido: {0}</translation>
    </message>
    <message>
      <source>the scheduler no longer lists this job</source>
      <translation>el planificador ya no muestra este trabajo</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation>En espera</translation>
    </message>
    <message>
      <source>running, {0}</source>
      <translation>en ejecución, {0}</translation>
    </message>
    <message>
      <source>{0} failed</source>
      <translation>{0} con error</translation>
    </message>
    <message>
      <source>Failed.</source>
      <translation>Ha fallado.</translation>
    </message>
    <message numerus="yes">
      <source>Cancelled. %n finished result(s) kept</source>
      <translation>
        <numerusform>Cancelado. Se conserva %n resultado terminado</numerusform>
        <numerusform>Cancelado. Se conservan %n resultados terminados</numerusform>
      </translation>
    </message>
    <message>
      <source>Cancelled</source>
      <translation>Cancelado</translation>
    </message>
    <message>
      <source>Compared with stations</source>
      <translation>Comparado con las estaciones</translation>
    </message>
    <message>
      <source>Training finished</source>
      <translation>Entrenamiento terminado</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Terminado</translation>
    </message>
    <message>
      <source>{0} failed. {1}</source>
      <translation>{0} ha fallado. {1}</translation>
    </message>
    <message>
      <source>{0} failed. See the reason in the list of jobs.</source>
      <translation>{0} ha fallado. La causa está en la lista de trabajos.</translation>
    </message>
    <message>
      <source>Training of {0} on {1} is finished.</source>
      <translation>El entrenamiento de {0} en {1} ha terminado.</translation>
    </message>
    <message>
      <source>Training of {0} is finished.</source>
      <translation>El entrenamiento de {0} ha terminado.</translation>
    </message>
    <message>
      <source>downloading {0}: {1} %</source>
      <translation>descargando {0}: {1} %</translation>
    </message>
    <message>
      <source>download failed: {0}</source>
      <translation>la descarga ha fallado: {0}</translation>
    </message>
    <message>
      <source>done; results not downloaded yet ({0})</source>
      <translation>terminado; resultados aún sin descargar ({0})</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>Entrenamiento</translation>
    </message>
    <message>
      <source>Choose a configuration to start from.</source>
      <translation>Elija una configuración de partida.</translation>
    </message>
    <message>
      <source>Add at least one training to the table.</source>
      <translation>Añada al menos un entrenamiento a la tabla.</translation>
    </message>
    <message>
      <source>One job can hold at most {0} trainings.</source>
      <translation>Un trabajo admite como máximo {0} entrenamientos.</translation>
    </message>
    <message>
      <source>Every training needs a name.</source>
      <translation>Cada entrenamiento necesita un nombre.</translation>
    </message>
    <message>
      <source>“{0}” is in the table twice. Give each training its own name.</source>
      <translation>«{0}» aparece dos veces en la tabla. Dé a cada entrenamiento su propio nombre.</translation>
    </message>
    <message>
      <source>the light network</source>
      <translation>la red ligera</translation>
    </message>
    <message>
      <source>the surface network</source>
      <translation>la red de superficie</translation>
    </message>
    <message>
      <source>simulated soil columns with the weather of {0}</source>
      <translation>columnas de suelo simuladas con la meteorología de {0}</translation>
    </message>
    <message>
      <source>{0}, and from stations in {1} % of the steps</source>
      <translation>{0}, y estaciones en el {1} % de los pasos</translation>
    </message>
    <message numerus="yes">
      <source>blocks of %n day(s)</source>
      <translation>
        <numerusform>bloques de %n día</numerusform>
        <numerusform>bloques de %n días</numerusform>
      </translation>
    </message>
    <message>
      <source>random days by season</source>
      <translation>días al azar por estación del año</translation>
    </message>
    <message>
      <source>one in {0} stations</source>
      <translation>una de cada {0} estaciones</translation>
    </message>
    <message>
      <source>one whole year</source>
      <translation>un año entero</translation>
    </message>
    <message>
      <source>nothing</source>
      <translation>nada</translation>
    </message>
    <message>
      <source>Trains {0}. Epochs: {1}, steps per epoch: {2}. Training data: {3}. Held out for testing: {4}.</source>
      <translation>Entrena {0}. Épocas: {1}, pasos por época: {2}. Datos de entrenamiento: {3}. Reservado para la prueba: {4}.</translation>
    </message>
    <message>
      <source>The area is empty. Draw or select a field.</source>
      <translation>El área está vacía. Dibuje o seleccione una parcela.</translation>
    </message>
    <message>
      <source>The area lies outside the range of the map's coordinate system. Draw it elsewhere, or choose another map projection.</source>
      <translation>El área queda fuera del ámbito del sistema de coordenadas del mapa. Dibújela en otro lugar o elija otra proyección del mapa.</translation>
    </message>
    <message>
      <source>The area crosses the 180° meridian. Map the parts on either side separately.</source>
      <translation>El área cruza el meridiano de 180°. Haga por separado los mapas de cada lado.</translation>
    </message>
    <message>
      <source>The area has no size. Draw at least three corners that are not in a straight line.</source>
      <translation>El área no tiene superficie. Dibuje al menos tres vértices que no estén en línea recta.</translation>
    </message>
    <message>
      <source>The outline crosses itself. Move its corners, then try again.</source>
      <translation>El contorno se cruza a sí mismo. Mueva sus vértices e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>The area cannot be shown in the map's coordinate system.</source>
      <translation>El área no se puede mostrar en el sistema de coordenadas del mapa.</translation>
    </message>
    <message numerus="yes">
      <source>Exporting %n soil moisture map(s)</source>
      <translation>
        <numerusform>Exportando %n mapa de humedad del suelo</numerusform>
        <numerusform>Exportando %n mapas de humedad del suelo</numerusform>
      </translation>
    </message>
    <message>
      <source>Export DeepSoil maps…</source>
      <translation>Exportar mapas de DeepSoil…</translation>
    </message>
    <message>
      <source>First select soil moisture maps in the layer panel.</source>
      <translation>Seleccione primero mapas de humedad del suelo en el panel de capas.</translation>
    </message>
    <message>
      <source>Folder for the maps</source>
      <translation>Carpeta para los mapas</translation>
    </message>
    <message>
      <source>Soil moisture</source>
      <translation>Humedad del suelo</translation>
    </message>
    <message>
      <source>below {0} · very dry</source>
      <translation>menos de {0} · muy seco</translation>
    </message>
    <message>
      <source>above {0} · saturated</source>
      <translation>más de {0} · saturado</translation>
    </message>
    <message>
      <source>{0} · synthetic data</source>
      <translation>{0} · datos sintéticos</translation>
    </message>
    <message>
      <source>Stations</source>
      <translation>Estaciones</translation>
    </message>
    <message>
      <source>days</source>
      <translation>días</translation>
    </message>
    <message>
      <source>bias</source>
      <translation>sesgo</translation>
    </message>
    <message>
      <source>MAE</source>
      <translation>MAE</translation>
    </message>
    <message>
      <source>ubRMSD</source>
      <translation>ubRMSD</translation>
    </message>
    <message>
      <source>R</source>
      <translation>R</translation>
    </message>
    <message>
      <source>Pearson correlation of predicted and observed values</source>
      <translation>Correlación de Pearson entre valores predichos y observados</translation>
    </message>
    <message>
      <source>seasonal mean</source>
      <translation>media estacional</translation>
    </message>
    <message>
      <source>Looking for an existing comparison</source>
      <translation>Buscando una comparación existente</translation>
    </message>
    <message>
      <source>Downloading the comparison</source>
      <translation>Descargando la comparación</translation>
    </message>
    <message>
      <source>Reading the comparison</source>
      <translation>Leyendo la comparación</translation>
    </message>
    <message>
      <source>Run the comparison again.</source>
      <translation>Ejecute la comparación de nuevo.</translation>
    </message>
    <message>
      <source>Reading a station comparison</source>
      <translation>Leyendo una comparación con estaciones</translation>
    </message>
    <message>
      <source>The files of the comparison could not be read: {0}.</source>
      <translation>No se han podido leer los archivos de la comparación: {0}.</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Cancel the prediction</source>
      <translation>Cancelar la predicción</translation>
    </message>
    <message>
      <source>Compare</source>
      <translation>Comparar</translation>
    </message>
    <message>
      <source>Predict soil moisture at this station and compare</source>
      <translation>Predecir la humedad del suelo en esta estación y comparar</translation>
    </message>
    <message>
      <source>observed</source>
      <translation>observado</translation>
    </message>
    <message>
      <source>predicted</source>
      <translation>predicho</translation>
    </message>
    <message>
      <source>rain</source>
      <translation>lluvia</translation>
    </message>
    <message numerus="yes">
      <source>%n day(s) around the date of the map</source>
      <translation>
        <numerusform>%n día en torno a la fecha del mapa</numerusform>
        <numerusform>%n días en torno a la fecha del mapa</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n day(s)</source>
      <translation>
        <numerusform>%n día</numerusform>
        <numerusform>%n días</numerusform>
      </translation>
    </message>
    <message>
      <source>DeepSoil Stations</source>
      <translation>Estaciones de DeepSoil</translation>
    </message>
    <message>
      <source>No comparison: the prediction was cancelled.</source>
      <translation>Sin comparación: la predicción se ha cancelado.</translation>
    </message>
    <message>
      <source>Click a station on the map.</source>
      <translation>Haga clic en una estación del mapa.</translation>
    </message>
    <message>
      <source>Loading the station's measurements …</source>
      <translation>Cargando las mediciones de la estación …</translation>
    </message>
    <message>
      <source>The region of this station is no longer available. Add its folder again with the button at the end of the Data line in the DeepSoil panel.</source>
      <translation>La región de esta estación ya no está disponible. Añada de nuevo su carpeta con el botón al final de la línea Datos del panel de DeepSoil.</translation>
    </message>
    <message>
      <source>{0} has no data at {1} for {2}.</source>
      <translation>{0} no tiene datos a {1} para {2}.</translation>
    </message>
    <message>
      <source>The station has data for {0}.</source>
      <translation>La estación tiene datos de {0}.</translation>
    </message>
    <message>
      <source>no observations at {0} cm</source>
      <translation>sin observaciones a {0} cm</translation>
    </message>
    <message>
      <source>map</source>
      <translation>mapa</translation>
    </message>
    <message>
      <source>mm/day</source>
      <translation>mm/día</translation>
    </message>
    <message>
      <source>no rain</source>
      <translation>sin lluvia</translation>
    </message>
    <message>
      <source>the same</source>
      <translation>igual</translation>
    </message>
    <message>
      <source>{0} too wet</source>
      <translation>{0} demasiado húmedo</translation>
    </message>
    <message>
      <source>{0} too dry</source>
      <translation>{0} demasiado seco</translation>
    </message>
    <message>
      <source>{0} cm: observed {1}, predicted {2}, {3}</source>
      <translation>{0} cm: observado {1}, predicho {2}, {3}</translation>
    </message>
    <message>
      <source>{0} cm: observed {1}</source>
      <translation>{0} cm: observado {1}</translation>
    </message>
    <message>
      <source>{0} cm: predicted {1}, not observed</source>
      <translation>{0} cm: predicho {1}, sin observación</translation>
    </message>
    <message>
      <source>{0} cm: no data</source>
      <translation>{0} cm: sin datos</translation>
    </message>
    <message>
      <source>First day</source>
      <translation>Primer día</translation>
    </message>
    <message>
      <source>Last day (if empty: same as first day)</source>
      <translation>Último día (si está vacío: igual que el primero)</translation>
    </message>
    <message>
      <source>Region (if empty: the region that covers the area)</source>
      <translation>Región (si está vacío: la que cubre el área)</translation>
    </message>
    <message>
      <source>Choose at least one depth.</source>
      <translation>Elija al menos una profundidad.</translation>
    </message>
    <message>
      <source>Cancelled. The job was cancelled too.</source>
      <translation>Cancelado. El trabajo también se ha cancelado.</translation>
    </message>
    <message>
      <source>The files could not be copied: {0}. They remain in {1}.</source>
      <translation>No se han podido copiar los archivos: {0}. Siguen en {1}.</translation>
    </message>
    <message>
      <source>Compare with stations</source>
      <translation>Comparar con estaciones</translation>
    </message>
    <message>
      <source>Predicts soil moisture at the stations of a region and compares it with their measurements, day by day. Writes a table (CSV) with rain, observed and predicted values, and scores for each station (JSON) next to those of simple estimates.</source>
      <translation>Predice la humedad del suelo en las estaciones de una región y la compara, día a día, con sus mediciones. Escribe una tabla (CSV) con la lluvia y los valores observados y predichos, y las puntuaciones de cada estación (JSON) junto a las de estimaciones sencillas.</translation>
    </message>
    <message>
      <source>Station ids, separated by commas (if empty: all stations)</source>
      <translation>Identificadores de las estaciones, separados por comas (si está vacío: todas)</translation>
    </message>
    <message>
      <source>Folder for the tables</source>
      <translation>Carpeta para las tablas</translation>
    </message>
    <message>
      <source>Table of daily values</source>
      <translation>Tabla de valores diarios</translation>
    </message>
    <message>
      <source>Scores</source>
      <translation>Puntuaciones</translation>
    </message>
    <message>
      <source>Job id</source>
      <translation>Identificador del trabajo</translation>
    </message>
    <message>
      <source>Comparison with stations</source>
      <translation>Comparación con estaciones</translation>
    </message>
    <message>
      <source>The DeepSoil engine is not installed yet. Open the DeepSoil panel in QGIS and set it up, then run this again.</source>
      <translation>El motor de DeepSoil aún no está instalado. Abra el panel de DeepSoil en QGIS, configúrelo y ejecute esto de nuevo.</translation>
    </message>
    <message>
      <source>The engine could not be started: {0}. Reinstall it in DeepSoil's options.</source>
      <translation>No se ha podido iniciar el motor: {0}. Reinstálelo en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>The engine did not answer “{0}”. Try again.</source>
      <translation>El motor no ha respondido a «{0}». Inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>The job was removed while it was running.</source>
      <translation>El trabajo se ha eliminado mientras se ejecutaba.</translation>
    </message>
    <message>
      <source>The job failed.</source>
      <translation>El trabajo ha fallado.</translation>
    </message>
    <message>
      <source>Folder of the job: {0}</source>
      <translation>Carpeta del trabajo: {0}</translation>
    </message>
    <message>
      <source>The job was cancelled from another window.</source>
      <translation>El trabajo se ha cancelado desde otra ventana.</translation>
    </message>
    <message>
      <source>The engine no longer answers. Try again.</source>
      <translation>El motor ya no responde. Inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>The engine stopped unexpectedly. Running jobs continue. Its last message: {0}</source>
      <translation>El motor se ha detenido inesperadamente. Los trabajos en curso continúan. Su último mensaje: {0}</translation>
    </message>
    <message>
      <source>Map soil moisture</source>
      <translation>Mapa de humedad del suelo</translation>
    </message>
    <message>
      <source>Fields</source>
      <translation>Parcelas</translation>
    </message>
    <message>
      <source>Or an extent</source>
      <translation>O una extensión</translation>
    </message>
    <message>
      <source>Job name</source>
      <translation>Nombre del trabajo</translation>
    </message>
    <message>
      <source>Processing</source>
      <translation>Processing</translation>
    </message>
    <message>
      <source>Add the maps to the project</source>
      <translation>Añadir los mapas al proyecto</translation>
    </message>
    <message>
      <source>Maps</source>
      <translation>Mapas</translation>
    </message>
    <message>
      <source>Choose a polygon layer or an extent.</source>
      <translation>Elija una capa de polígonos o una extensión.</translation>
    </message>
    <message>
      <source>synthetic</source>
      <translation>sintético</translation>
    </message>
    <message>
      <source>Soil moisture {0} cm</source>
      <translation>Humedad del suelo {0} cm</translation>
    </message>
    <message numerus="yes">
      <source>about %n second(s)</source>
      <translation>
        <numerusform>aprox. %n segundo</numerusform>
        <numerusform>unos %n segundos</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>about %n minute(s)</source>
      <translation>
        <numerusform>aprox. %n minuto</numerusform>
        <numerusform>unos %n minutos</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>about %n hour(s)</source>
      <translation>
        <numerusform>aprox. %n hora</numerusform>
        <numerusform>unas %n horas</numerusform>
      </translation>
    </message>
    <message>
      <source>{0} s left</source>
      <translation>faltan {0} s</translation>
    </message>
    <message>
      <source>{0} min left</source>
      <translation>faltan {0} min</translation>
    </message>
    <message>
      <source>{0} h left</source>
      <translation>faltan {0} h</translation>
    </message>
    <message>
      <source>loss</source>
      <translation>pérdida</translation>
    </message>
    <message>
      <source>validation MAE</source>
      <translation>MAE de validación</translation>
    </message>
    <message>
      <source>epoch</source>
      <translation>época</translation>
    </message>
    <message>
      <source>Stations of region</source>
      <translation>Estaciones de la región</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>Semilla</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>Épocas</translation>
    </message>
    <message>
      <source>none</source>
      <translation>ninguno</translation>
    </message>
    <message>
      <source>Models to train</source>
      <translation>Modelos que se van a entrenar</translation>
    </message>
    <message>
      <source>The plots need pyqtgraph, which comes with DeepSoil but was not found. Remove DeepSoil in the plugin manager and install it again.</source>
      <translation>Los gráficos necesitan pyqtgraph, que viene con DeepSoil pero no se ha encontrado. Elimine DeepSoil en el administrador de complementos e instálelo de nuevo.</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>Copiar</translation>
    </message>
    <message>
      <source>One run covers at most {0} days. Split the period.</source>
      <translation>Una ejecución abarca como máximo {0} días. Divida el periodo.</translation>
    </message>
    <message>
      <source>7 days earlier</source>
      <translation>7 días antes</translation>
    </message>
    <message>
      <source>other stations</source>
      <translation>otras estaciones</translation>
    </message>
    <message>
      <source>The maps could not be exported to {0}: {1}. Nothing was written there.</source>
      <translation>No se pudieron exportar los mapas a {0}: {1}. No se escribió nada allí.</translation>
    </message>
    <message>
      <source>Export cancelled. Nothing was written.</source>
      <translation>Exportación cancelada. No se escribió nada.</translation>
    </message>
    <message>
      <source>Keep both</source>
      <translation>Conservar ambos</translation>
    </message>
    <message>
      <source>Replace</source>
      <translation>Reemplazar</translation>
    </message>
    <message>
      <source>Replace files with the same name in that folder</source>
      <translation>Reemplazar los archivos del mismo nombre de esa carpeta</translation>
    </message>
    <message>
      <source>{0} already contained files with the same names. They were kept, and the new ones have a number.</source>
      <translation>En {0} hay archivos de los mismos nombres. Se conservaron, y los nuevos llevan un número.</translation>
    </message>
    <message numerus="yes">
      <source>{0} already contains %n file(s) with the same name. Replace or keep both? If both are kept, the new files get a number.</source>
      <translation>
        <numerusform>{0} ya contiene %n archivo del mismo nombre. ¿Reemplazar o conservar ambos? Si se conservan ambos, los archivos nuevos reciben un número.</numerusform>
        <numerusform>{0} ya contiene %n archivos del mismo nombre. ¿Reemplazar o conservar ambos? Si se conservan ambos, los archivos nuevos reciben un número.</numerusform>
      </translation>
    </message>
    <message>
      <source>Warnings:</source>
      <translation>Advertencias:</translation>
    </message>
    <message numerus="yes">
      <source>%n warning(s): see the list of jobs.</source>
      <translation>
        <numerusform>%n advertencia: consulte la lista de trabajos.</numerusform>
        <numerusform>%n advertencias: consulte la lista de trabajos.</numerusform>
      </translation>
    </message>
    <message>
      <source>Field {0}</source>
      <translation>Parcela {0}</translation>
    </message>
    <message>
      <source>Repaired outlines: {0}. Check them on the map.</source>
      <translation>Contornos reparados: {0}. Compruébelos en el mapa.</translation>
    </message>
    <message>
      <source>Left out, because the outline crosses or touches itself: {0}. Correct it with the vertex tool, or let DeepSoil repair it.</source>
      <translation>Excluidas, porque el contorno se cruza o se toca a sí mismo: {0}. Corríjalo con la herramienta de vértices o deje que DeepSoil lo repare.</translation>
    </message>
    <message>
      <source>Left out: {0}. {1}</source>
      <translation>Excluidas: {0}. {1}</translation>
    </message>
    <message numerus="yes">
      <source>{0} and %n more</source>
      <translation>
        <numerusform>{0} y %n más</numerusform>
        <numerusform>{0} y %n más</numerusform>
      </translation>
    </message>
    <message>
      <source>It has no area.</source>
      <translation>No tiene superficie.</translation>
    </message>
    <message>
      <source>Reading the selected features</source>
      <translation>Leyendo los objetos seleccionados</translation>
    </message>
    <message>
      <source>Maps volumetric soil moisture (m³/m³) of an area at 30 m, with one Cloud-Optimised GeoTIFF for each field, depth and day. Each polygon (all or only the selected ones) is a field; an extent is one, too. Pixels outside a field have no data. One run covers at most 366 days.</source>
      <translation>Hace mapas de la humedad volumétrica del suelo (m³/m³) de un área a 30 m, con un GeoTIFF optimizado para la nube por parcela, profundidad y día. Cada polígono (todos o solo los seleccionados) es una parcela; una extensión también lo es. Los píxeles fuera de una parcela no tienen datos. Una ejecución abarca como máximo 366 días.</translation>
    </message>
    <message>
      <source>Attribute with the names of the fields (if empty: the one that fits best)</source>
      <translation>Atributo con los nombres de las parcelas (si está vacío: el más adecuado)</translation>
    </message>
    <message>
      <source>Repair outlines that cross or touch themselves</source>
      <translation>Reparar contornos que se cruzan o se tocan a sí mismos</translation>
    </message>
    <message>
      <source>The outline crosses or touches itself: {0}. Correct it, select the others, or let DeepSoil repair it.</source>
      <translation>El contorno se cruza o se toca a sí mismo: {0}. Corríjalo, seleccione los demás o deje que DeepSoil lo repare.</translation>
    </message>
    <message>
      <source>The field “{0}” cannot be used. {1}</source>
      <translation>La parcela «{0}» no se puede usar. {1}</translation>
    </message>
    <message>
      <source>{0} features are selected. One job can use at most {1}. Select fewer.</source>
      <translation>Hay {0} objetos seleccionados. Un trabajo puede usar como máximo {1}. Seleccione menos.</translation>
    </message>
    <message numerus="yes">
      <source>%n field(s), {0}</source>
      <translation>
        <numerusform>%n parcela, {0}</numerusform>
        <numerusform>%n parcelas, {0}</numerusform>
      </translation>
    </message>
    <message>
      <source>Host that runs the job (if empty: this computer)</source>
      <translation>Servidor que ejecuta el trabajo (si está vacío: este equipo)</translation>
    </message>
    <message>
      <source>There is no host “{0}”. The hosts are: {1}. Others are added in DeepSoil's options.</source>
      <translation>No hay ningún servidor “{0}”. Los servidores son: {1}. Otros se añaden en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>{0} at stations</source>
      <translation>{0} en estaciones</translation>
    </message>
    <message>
      <source>{0} in simulation only</source>
      <translation>{0} solo en simulación</translation>
    </message>
    <message>
      <source>At stations: not known. It was never compared with readings.</source>
      <translation>En estaciones: desconocido. Nunca se comparó con lecturas.</translation>
    </message>
    <message>
      <source>At stations: {0} {1} m³/m³ ({2} stations, {3} days, {4}; {5}). Simple estimate there: {6} ({7}).</source>
      <translation>En estaciones: {0} {1} m³/m³ ({2} estaciones, {3} días, {4}; {5}). Estimación simple allí: {6} ({7}).</translation>
    </message>
    <message>
      <source>Worst group: {0}, {1} {2} m³/m³ ({3} stations, {4}; {5}). {6}: {7}.</source>
      <translation>Peor grupo: {0}, {1} {2} m³/m³ ({3} estaciones, {4}; {5}). {6}: {7}.</translation>
    </message>
    <message>
      <source>Against simulated soil columns (synthetic, nothing measured): {0} {1} m³/m³.</source>
      <translation>Frente a columnas de suelo simuladas (sintético, nada medido): {0} {1} m³/m³.</translation>
    </message>
    <message>
      <source>Makes</source>
      <translation>Produce</translation>
    </message>
    <message>
      <source>maps of soil moisture</source>
      <translation>mapas de humedad del suelo</translation>
    </message>
    <message>
      <source>Area</source>
      <translation>Área</translation>
    </message>
    <message>
      <source>the one that covers the area</source>
      <translation>la que cubre el área</translation>
    </message>
    <message>
      <source>latitude {0}° to {1}°, longitude {2}° to {3}°</source>
      <translation>latitud {0}° a {1}°, longitud {2}° a {3}°</translation>
    </message>
    <message>
      <source>Make maps at {0} cm with another model from now on?</source>
      <translation>¿Hacer a partir de ahora los mapas a {0} cm con otro modelo?</translation>
    </message>
    <message>
      <source>Until now: {0}</source>
      <translation>Hasta ahora: {0}</translation>
    </message>
    <message>
      <source>From now on: {0}</source>
      <translation>A partir de ahora: {0}</translation>
    </message>
    <message>
      <source>Maps that exist stay as they are.</source>
      <translation>Los mapas existentes no cambian.</translation>
    </message>
    <message>
      <source>version {0}</source>
      <translation>versión {0}</translation>
    </message>
    <message>
      <source>Row {0}: “{1}” is not a date.</source>
      <translation>Fila {0}: «{1}» no es una fecha.</translation>
    </message>
    <message>
      <source>Rows {0} and {1} have the same day. Add them up.</source>
      <translation>Las filas {0} y {1} tienen el mismo día. Súmelas.</translation>
    </message>
    <message>
      <source>A log has at most {0} days.</source>
      <translation>Un registro tiene como máximo {0} días.</translation>
    </message>
    <message>
      <source>irrigated</source>
      <translation>con riego</translation>
    </message>
    <message>
      <source>not irrigated</source>
      <translation>sin riego</translation>
    </message>
    <message>
      <source>Water</source>
      <translation>Agua</translation>
    </message>
    <message>
      <source>Not irrigated, or not known</source>
      <translation>Sin riego, o no se sabe</translation>
    </message>
    <message>
      <source>Irrigated, nothing more is known</source>
      <translation>Con riego, no se sabe más</translation>
    </message>
    <message>
      <source>Usual practice</source>
      <translation>Práctica habitual</translation>
    </message>
    <message>
      <source>Irrigation log</source>
      <translation>Registro de riego</translation>
    </message>
    <message>
      <source>Not irrigated, whatever the region's map says</source>
      <translation>Sin riego, diga lo que diga el mapa de la región</translation>
    </message>
    <message>
      <source>Irrigation of the fields</source>
      <translation>Riego de las parcelas</translation>
    </message>
    <message>
      <source>Irrigation log: CSV with the columns date and mm (or in)</source>
      <translation>Registro de riego: CSV con las columnas fecha y mm (o in)</translation>
    </message>
    <message>
      <source>Usual practice: water given at a time (mm)</source>
      <translation>Práctica habitual: agua que se da cada vez (mm)</translation>
    </message>
    <message>
      <source>Usual practice: share of the available water used before (%)</source>
      <translation>Práctica habitual: parte del agua disponible usada antes (%)</translation>
    </message>
    <message>
      <source>Crop, e.g. corn (if empty: not known)</source>
      <translation>Cultivo, p. ej. corn (vacío: desconocido)</translation>
    </message>
    <message>
      <source>An irrigation log is given, and another irrigation is chosen. Choose “Irrigation log”, or leave the file out.</source>
      <translation>Se ha dado un registro de riego y se ha elegido otro riego. Elija «Registro de riego», o quite el archivo.</translation>
    </message>
    <message>
      <source>Choose the CSV file of the irrigation log.</source>
      <translation>Elija el archivo CSV del registro de riego.</translation>
    </message>
    <message>
      <source>The file {0} cannot be read: {1}.</source>
      <translation>No se puede leer el archivo {0}: {1}.</translation>
    </message>
    <message>
      <source>The file {0} is too large for an irrigation log.</source>
      <translation>El archivo {0} es demasiado grande para un registro de riego.</translation>
    </message>
    <message>
      <source>one in {0} stations, in one whole year</source>
      <translation>una de cada {0} estaciones, en un año entero</translation>
    </message>
    <message>
      <source>over ± {0} · hardly known</source>
      <translation>más de ± {0} · apenas se sabe</translation>
    </message>
    <message>
      <source>± {0} · exact</source>
      <translation>± {0} · exacto</translation>
    </message>
    <message>
      <source>90 % interval, {0}</source>
      <translation>intervalo del 90 %, {0}</translation>
    </message>
    <message>
      <source>Show the values</source>
      <translation>Mostrar los valores</translation>
    </message>
    <message>
      <source>Available water (%)</source>
      <translation>Agua disponible (%)</translation>
    </message>
    <message>
      <source>Depletion (mm)</source>
      <translation>Agotamiento (mm)</translation>
    </message>
    <message>
      <source>above {0}</source>
      <translation>más de {0}</translation>
    </message>
    <message>
      <source>above {0} · above field capacity</source>
      <translation>más de {0} · por encima de la capacidad de campo</translation>
    </message>
    <message>
      <source>Show how sure it is</source>
      <translation>Mostrar la certeza</translation>
    </message>
    <message>
      <source>90 % interval</source>
      <translation>intervalo del 90 %</translation>
    </message>
    <message>
      <source> ({0} to {1})</source>
      <translation> (de {0} a {1})</translation>
    </message>
    <message>
      <source>Simulated field (knows your water and crop)</source>
      <translation>Campo simulado (conoce su agua y su cultivo)</translation>
    </message>
    <message>
      <source>Networks (fast, trained)</source>
      <translation>Redes (rápidas, entrenadas)</translation>
    </message>
    <message>
      <source>The soil columns of the field are simulated with its weather, crop and water. Takes seconds to minutes; needs no model</source>
      <translation>Se simulan las columnas de suelo del campo con su tiempo, su cultivo y su agua. Tarda de segundos a minutos; no necesita ningún modelo</translation>
    </message>
    <message>
      <source>The trained networks of the chosen models</source>
      <translation>Las redes entrenadas de los modelos elegidos</translation>
    </message>
    <message>
      <source>How the map is made</source>
      <translation>Cómo se hace el mapa</translation>
    </message>
    <message>
      <source>Days with an observation, a prediction and all simple estimates</source>
      <translation>Días con observación, predicción y todas las estimaciones sencillas</translation>
    </message>
    <message>
      <source>7 days earlier and the change of others</source>
      <translation>7 días antes y el cambio de las otras</translation>
    </message>
    <message>
      <source>nearest station</source>
      <translation>estación más cercana</translation>
    </message>
    <message>
      <source>others by distance</source>
      <translation>otras según la distancia</translation>
    </message>
    <message>
      <source>kriging of the others</source>
      <translation>kriging de las otras</translation>
    </message>
    <message>
      <source>kriging with soil and terrain</source>
      <translation>kriging con suelo y relieve</translation>
    </message>
    <message>
      <source>prediction better</source>
      <translation>predicción mejor</translation>
    </message>
    <message>
      <source>prediction worse</source>
      <translation>predicción peor</translation>
    </message>
    <message>
      <source>no clear difference</source>
      <translation>sin diferencia clara</translation>
    </message>
    <message>
      <source>too few days</source>
      <translation>muy pocos días</translation>
    </message>
    <message>
      <source>MAE of the best simple estimate</source>
      <translation>MAE de la mejor estimación sencilla</translation>
    </message>
    <message>
      <source>not used</source>
      <translation>no se usa</translation>
    </message>
    <message>
      <source>date or time</source>
      <translation>fecha u hora</translation>
    </message>
    <message>
      <source>water content</source>
      <translation>contenido de agua</translation>
    </message>
    <message>
      <source>sensor</source>
      <translation>sensor</translation>
    </message>
    <message>
      <source>depth (cm)</source>
      <translation>profundidad (cm)</translation>
    </message>
    <message>
      <source>longitude</source>
      <translation>longitud</translation>
    </message>
    <message>
      <source>latitude</source>
      <translation>latitud</translation>
    </message>
    <message>
      <source>UTC</source>
      <translation>UTC</translation>
    </message>
    <message numerus="yes">
      <source>%n probe(s)</source>
      <translation>
        <numerusform>%n sonda</numerusform>
        <numerusform>%n sondas</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n daily mean(s)</source>
      <translation>
        <numerusform>%n media diaria</numerusform>
        <numerusform>%n medias diarias</numerusform>
      </translation>
    </message>
    <message>
      <source>Would be read: {0}.</source>
      <translation>Se leería: {0}.</translation>
    </message>
    <message numerus="yes">
      <source>%n cell(s) without a value.</source>
      <translation>
        <numerusform>%n celda sin valor.</numerusform>
        <numerusform>%n celdas sin valor.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n value(s) refused:</source>
      <translation>
        <numerusform>%n valor rechazado:</numerusform>
        <numerusform>%n valores rechazados:</numerusform>
      </translation>
    </message>
    <message>
      <source>Type the water content, such as 0.22 or 22.</source>
      <translation>Escriba el contenido de agua, como 0.22 o 22.</translation>
    </message>
    <message>
      <source>Say the unit of the water content.</source>
      <translation>Indique la unidad del contenido de agua.</translation>
    </message>
    <message>
      <source>If it is per cent, say so with the unit.</source>
      <translation>Si está en tanto por ciento, indíquelo con la unidad.</translation>
    </message>
    <message>
      <source>Correct it.</source>
      <translation>Corríjalo.</translation>
    </message>
    <message>
      <source>Type the depth in cm, from 0 to 150.</source>
      <translation>Escriba la profundidad en cm, de 0 a 150.</translation>
    </message>
    <message>
      <source>Give the place in degrees, or pick it on the map.</source>
      <translation>Indique el lugar en grados, o elíjalo en el mapa.</translation>
    </message>
    <message>
      <source>This reading cannot be used.</source>
      <translation>No se puede usar esta lectura.</translation>
    </message>
    <message>
      <source>Readings</source>
      <translation>Lecturas</translation>
    </message>
    <message>
      <source>stations</source>
      <translation>estaciones</translation>
    </message>
    <message numerus="yes">
      <source>%n value(s)</source>
      <translation>
        <numerusform>%n valor</numerusform>
        <numerusform>%n valores</numerusform>
      </translation>
    </message>
    <message>
      <source>later days too</source>
      <translation>también días posteriores</translation>
    </message>
    <message>
      <source>stations of the region</source>
      <translation>estaciones de la región</translation>
    </message>
    <message numerus="yes">
      <source>%n own reading(s) of {0}</source>
      <translation>
        <numerusform>%n lectura propia de {0}</numerusform>
        <numerusform>%n lecturas propias de {0}</numerusform>
      </translation>
    </message>
    <message>
      <source>readings of later days too</source>
      <translation>también lecturas de días posteriores</translation>
    </message>
    <message>
      <source>which column has the date</source>
      <translation>qué columna tiene la fecha</translation>
    </message>
    <message>
      <source>which column has the water content</source>
      <translation>qué columna tiene el contenido de agua</translation>
    </message>
    <message>
      <source>the unit of the water content</source>
      <translation>la unidad del contenido de agua</translation>
    </message>
    <message>
      <source>the depth of each water content</source>
      <translation>la profundidad de cada contenido de agua</translation>
    </message>
    <message>
      <source>where the probe is</source>
      <translation>dónde está la sonda</translation>
    </message>
    <message>
      <source>by which clock the times are</source>
      <translation>con qué reloj se dan las horas</translation>
    </message>
    <message>
      <source>the order of day and month</source>
      <translation>el orden de día y mes</translation>
    </message>
    <message>
      <source>Still to be said: {0}.</source>
      <translation>Falta por indicar: {0}.</translation>
    </message>
    <message>
      <source>Ready on {1}: {0}.</source>
      <translation>Listo en {1}: {0}.</translation>
    </message>
    <message>
      <source>Ready: {0}.</source>
      <translation>Listo: {0}.</translation>
    </message>
    <message>
      <source>the light network of single pixels</source>
      <translation>la red ligera de píxeles sueltos</translation>
    </message>
    <message>
      <source>the surface network of single pixels</source>
      <translation>la red de superficie de píxeles sueltos</translation>
    </message>
    <message>
      <source>as the file says</source>
      <translation>como dice el archivo</translation>
    </message>
    <message>
      <source>Use the readings of the region's stations</source>
      <translation>Usar las lecturas de las estaciones de la región</translation>
    </message>
    <message>
      <source>Readings: unit of the water content</source>
      <translation>Lecturas: unidad del contenido de agua</translation>
    </message>
    <message>
      <source>Readings: depth of all probes (cm)</source>
      <translation>Lecturas: profundidad de todas las sondas (cm)</translation>
    </message>
    <message>
      <source>Readings: place of all probes</source>
      <translation>Lecturas: lugar de todas las sondas</translation>
    </message>
    <message>
      <source>Readings: hours from UTC of times without a zone, e.g. -6</source>
      <translation>Lecturas: diferencia con UTC, en horas, de las horas sin zona, p. ej. -6</translation>
    </message>
    <message>
      <source>Readings: how dates are written</source>
      <translation>Lecturas: cómo se escriben las fechas</translation>
    </message>
    <message>
      <source>year, month, day</source>
      <translation>año, mes, día</translation>
    </message>
    <message>
      <source>day, month, year</source>
      <translation>día, mes, año</translation>
    </message>
    <message>
      <source>month, day, year</source>
      <translation>mes, día, año</translation>
    </message>
    <message>
      <source>Single readings, one a line, e.g. 0.22 at 12 cm on 2023-07-12 at -96.6,39.1</source>
      <translation>Lecturas sueltas, una por línea, p. ej. 0.22 at 12 cm on 2023-07-12 at -96.6,39.1</translation>
    </message>
    <message>
      <source>Also use readings of later days (best reconstruction of the past)</source>
      <translation>Usar también lecturas de días posteriores (mejor reconstrucción del pasado)</translation>
    </message>
    <message>
      <source>Readings of later days are to be used, and no readings are given.</source>
      <translation>Se pide usar lecturas de días posteriores y no se ha dado ninguna lectura.</translation>
    </message>
    <message>
      <source>The file {0} has no reading.</source>
      <translation>El archivo {0} no tiene ninguna lectura.</translation>
    </message>
    <message>
      <source>same method without readings</source>
      <translation>el mismo método sin lecturas</translation>
    </message>
    <message>
      <source>last reading here</source>
      <translation>última lectura de aquí</translation>
    </message>
    <message>
      <source>Row {0}: type the date.</source>
      <translation>Fila {0}: escriba la fecha.</translation>
    </message>
    <message>
      <source>Water above the wilting point, down to the roots, at most to 100 cm</source>
      <translation>Agua por encima del punto de marchitez, hasta las raíces, como máximo hasta 100 cm</translation>
    </message>
    <message>
      <source>Its share of what the soil can hold; more than 100 after much rain</source>
      <translation>Su parte de lo que el suelo puede retener; más de 100 tras mucha lluvia</translation>
    </message>
    <message>
      <source>What lacks to field capacity: what an irrigation can give without loss</source>
      <translation>Lo que falta para la capacidad de campo: lo que un riego puede aportar sin pérdidas</translation>
    </message>
    <message>
      <source>Water that leaves the soil below the roots, at 160 cm, on the day</source>
      <translation>Agua que sale del suelo por debajo de las raíces, a 160 cm, ese día</translation>
    </message>
    <message>
      <source>Maps of soil moisture, and of (by a simulated field only)</source>
      <translation>Mapas de humedad del suelo y de (solo con el campo simulado)</translation>
    </message>
    <message>
      <source>The networks make no maps of the water of the root zone. Choose the simulated field, or leave these maps out.</source>
      <translation>Las redes no hacen mapas del agua de la zona radicular. Elija el campo simulado o prescinda de estos mapas.</translation>
    </message>
    <message>
      <source>switched off</source>
      <translation>desactivado</translation>
    </message>
    <message>
      <source>stands by for {0}</source>
      <translation>en reserva para {0}</translation>
    </message>
    <message>
      <source>elevation</source>
      <translation>elevación</translation>
    </message>
    <message>
      <source>soil</source>
      <translation>suelo</translation>
    </message>
    <message>
      <source>land cover</source>
      <translation>cobertura del suelo</translation>
    </message>
    <message>
      <source>climate zone</source>
      <translation>zona climática</translation>
    </message>
    <message>
      <source>weather</source>
      <translation>tiempo</translation>
    </message>
    <message>
      <source>green leaves (NDVI)</source>
      <translation>hojas verdes (NDVI)</translation>
    </message>
    <message>
      <source>leaf area</source>
      <translation>área foliar</translation>
    </message>
    <message>
      <source>SMAP soil moisture</source>
      <translation>humedad del suelo de SMAP</translation>
    </message>
    <message>
      <source>crops</source>
      <translation>cultivos</translation>
    </message>
    <message>
      <source>weather of the next days</source>
      <translation>tiempo de los próximos días</translation>
    </message>
    <message>
      <source>Licence: {0}</source>
      <translation>Licencia: {0}</translation>
    </message>
    <message>
      <source>Servers: {0}</source>
      <translation>Servidores: {0}</translation>
    </message>
    <message>
      <source>Last checked live: {0}</source>
      <translation>Última comprobación en línea: {0}</translation>
    </message>
    <message>
      <source>never</source>
      <translation>nunca</translation>
    </message>
    <message>
      <source>Needs a NASA Earthdata account, which is free: register at urs.earthdata.nasa.gov, make a token there (“Generate Token”), and enter it in DeepSoil's options.</source>
      <translation>Necesita una cuenta de NASA Earthdata, que es gratuita: regístrese en urs.earthdata.nasa.gov, genere allí un token («Generate Token») e introdúzcalo en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>Needs an account of {0}. Enter it in DeepSoil's options.</source>
      <translation>Necesita una cuenta de {0}. Introdúzcala en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>{0}: I agree to its terms</source>
      <translation>{0}: acepto sus condiciones</translation>
    </message>
    <message>
      <source>Licence: {0}.</source>
      <translation>Licencia: {0}.</translation>
    </message>
    <message>
      <source>DeepSoil: account {0}</source>
      <translation>DeepSoil: cuenta {0}</translation>
    </message>
    <message numerus="yes">
      <source>{0}, {1}, from %n archive(s)</source>
      <translation>
        <numerusform>{0}, {1}, de %n archivo público</numerusform>
        <numerusform>{0}, {1}, de %n archivos públicos</numerusform>
      </translation>
    </message>
    <message>
      <source>{0}: {1}</source>
      <translation>{0}: {1}</translation>
    </message>
    <message>
      <source>Data until {0}.</source>
      <translation>Datos hasta el {0}.</translation>
    </message>
    <message>
      <source>data from archives</source>
      <translation>datos de archivos públicos</translation>
    </message>
    <message>
      <source>Data are there</source>
      <translation>Datos disponibles</translation>
    </message>
    <message>
      <source>The data of {0} are there.</source>
      <translation>Los datos de {0} están disponibles.</translation>
    </message>
    <message>
      <source>soil in more detail</source>
      <translation>suelo con más detalle</translation>
    </message>
    <message>
      <source>Get data from public archives</source>
      <translation>Obtener datos de archivos públicos</translation>
    </message>
    <message>
      <source>Fetches elevation, soil, land cover, weather, satellite data and stations for an area in the lower 48 states from public archives, and makes a region of them, for which soil moisture can be mapped. The log names every archive with its size and licence. Archives with terms of their own are asked only where they are named under “agreed”.</source>
      <translation>Obtiene de archivos públicos la elevación, el suelo, la cobertura, el tiempo, datos de satélite y estaciones de un área en los 48 estados contiguos, y forma con ellos una región para la que se puede cartografiar la humedad del suelo. El registro nombra cada archivo con su tamaño y su licencia. Los archivos con condiciones propias solo se consultan si se nombran entre los aceptados.</translation>
    </message>
    <message>
      <source>Name of the region</source>
      <translation>Nombre de la región</translation>
    </message>
    <message>
      <source>First day (if empty: three years ago)</source>
      <translation>Primer día (si está vacío: hace tres años)</translation>
    </message>
    <message>
      <source>Last day (if empty: today)</source>
      <translation>Último día (si está vacío: hoy)</translation>
    </message>
    <message>
      <source>Archives whose terms you agree to, separated by commas</source>
      <translation>Archivos cuyas condiciones acepta, separados por comas</translation>
    </message>
    <message>
      <source>Archives not to ask, separated by commas</source>
      <translation>Archivos que no se consultan, separados por comas</translation>
    </message>
    <message>
      <source>Use only what was fetched before</source>
      <translation>Usar solo lo que ya se descargó</translation>
    </message>
    <message>
      <source>Only say what would be fetched</source>
      <translation>Solo decir qué se descargaría</translation>
    </message>
    <message>
      <source>Give both days, or none.</source>
      <translation>Indique ambos días o ninguno.</translation>
    </message>
    <message>
      <source>Without {0}</source>
      <translation>Sin {0}</translation>
    </message>
    <message>
      <source>simple estimate: MAE {0}</source>
      <translation>estimación sencilla: MAE {0}</translation>
    </message>
    <message>
      <source>forecast</source>
      <translation>pronóstico</translation>
    </message>
    <message>
      <source>Not sent. Try again, or remove it.</source>
      <translation>No enviado. Inténtelo de nuevo o quítelo.</translation>
    </message>
    <message>
      <source>Not sent, as its data have not come. Try again to get them, or remove this.</source>
      <translation>No enviado, porque sus datos no han llegado. Intente obtenerlos de nuevo o quite esto.</translation>
    </message>
    <message>
      <source>Waiting for the data of this field</source>
      <translation>Esperando los datos de este campo</translation>
    </message>
    <message numerus="yes">
      <source>%n measured soil layer(s), {0}–{1} cm</source>
      <translation>
        <numerusform>%n capa de suelo medida, {0}–{1} cm</numerusform>
        <numerusform>%n capas de suelo medidas, {0}–{1} cm</numerusform>
      </translation>
    </message>
    <message>
      <source>Continue</source>
      <translation>Continuar</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>Intentar de nuevo</translation>
    </message>
    <message numerus="yes">
      <source>Continue: make only the maps that are missing; %n finished map(s) stay</source>
      <translation>
        <numerusform>Continuar: hacer solo los mapas que faltan; %n mapa terminado se conserva</numerusform>
        <numerusform>Continuar: hacer solo los mapas que faltan; %n mapas terminados se conservan</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n file(s) are in {0}.</source>
      <translation>
        <numerusform>%n archivo está en {0}.</numerusform>
        <numerusform>%n archivos están en {0}.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n map(s) were left out:</source>
      <translation>
        <numerusform>%n mapa se ha omitido:</numerusform>
        <numerusform>%n mapas se han omitido:</numerusform>
      </translation>
    </message>
    <message>
      <source>{0} is missing or damaged</source>
      <translation>{0} falta o está dañado</translation>
    </message>
    <message>
      <source>{0} cannot be read to its end</source>
      <translation>{0} no se puede leer hasta el final</translation>
    </message>
    <message>
      <source>the file does not hold what was written</source>
      <translation>el archivo no contiene lo que se escribió</translation>
    </message>
    <message>
      <source>“{0}” is not a coordinate system. Choose another one.</source>
      <translation>«{0}» no es un sistema de coordenadas. Elija otro.</translation>
    </message>
    <message>
      <source>Nothing was written.</source>
      <translation>No se ha escrito nada.</translation>
    </message>
    <message>
      <source>The coordinate system {0} cannot show these fields. Choose another one. Nothing was written.</source>
      <translation>El sistema de coordenadas {0} no puede representar estas parcelas. Elija otro. No se ha escrito nada.</translation>
    </message>
    <message>
      <source>{0}: {1}. To make it again, choose “Try again” in the list of jobs.</source>
      <translation>{0}: {1}. Para volver a crearlo, elija «Intentar de nuevo» en la lista de trabajos.</translation>
    </message>
    <message>
      <source>{0} are free, and the files may take {1}</source>
      <translation>quedan libres {0} y los archivos pueden ocupar {1}</translation>
    </message>
    <message>
      <source>Nothing was written there.</source>
      <translation>No se ha escrito nada allí.</translation>
    </message>
    <message>
      <source>The disk with {0} is full: {1}. Free some space, or choose another folder.</source>
      <translation>El disco de {0} está lleno: {1}. Libere espacio o elija otra carpeta.</translation>
    </message>
    <message>
      <source>Another program has just written {0}. Try again.</source>
      <translation>Otro programa acaba de escribir {0}. Inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>{0} may not be written to, or a file in it is open in another program. Close it, or choose another folder.</source>
      <translation>No se puede escribir en {0}, o un archivo de esa carpeta está abierto en otro programa. Ciérrelo o elija otra carpeta.</translation>
    </message>
    <message>
      <source>The folder {0} is not there or cannot be made. Choose another one.</source>
      <translation>La carpeta {0} no existe o no se puede crear. Elija otra.</translation>
    </message>
    <message>
      <source>Export maps</source>
      <translation>Exportar mapas</translation>
    </message>
    <message>
      <source>DeepSoil maps</source>
      <translation>Mapas de DeepSoil</translation>
    </message>
    <message>
      <source>Coordinate system (if empty: as the map, the UTM zone of the field)</source>
      <translation>Sistema de coordenadas (si está vacío: el del mapa, la zona UTM de la parcela)</translation>
    </message>
    <message>
      <source>Pixel size (m)</source>
      <translation>Tamaño de píxel (m)</translation>
    </message>
    <message>
      <source>Soil moisture in</source>
      <translation>Humedad del suelo en</translation>
    </message>
    <message>
      <source>Water in</source>
      <translation>Agua en</translation>
    </message>
    <message>
      <source>inches</source>
      <translation>pulgadas</translation>
    </message>
    <message>
      <source>With the 90 % interval, where there is one</source>
      <translation>Con el intervalo del 90 %, donde lo haya</translation>
    </message>
    <message>
      <source>Table of fields</source>
      <translation>Tabla de parcelas</translation>
    </message>
    <message>
      <source>Outlines of fields</source>
      <translation>Contornos de parcelas</translation>
    </message>
    <message>
      <source>Write the maps, not only tables and outlines</source>
      <translation>Escribir los mapas, no solo tablas y contornos</translation>
    </message>
    <message>
      <source>Share of a field with soil moisture below (m³/m³)</source>
      <translation>Parte de la parcela con humedad del suelo inferior a (m³/m³)</translation>
    </message>
    <message>
      <source>Share of a field with available water below (%)</source>
      <translation>Parte de la parcela con agua disponible inferior a (%)</translation>
    </message>
    <message>
      <source>Folder for the files</source>
      <translation>Carpeta para los archivos</translation>
    </message>
    <message>
      <source>Number of files</source>
      <translation>Número de archivos</translation>
    </message>
    <message>
      <source>Number of maps left out</source>
      <translation>Número de mapas omitidos</translation>
    </message>
    <message>
      <source>Choose at least one map. What was given cannot be opened.</source>
      <translation>Elija al menos un mapa. Lo indicado no se puede abrir.</translation>
    </message>
    <message>
      <source>Choose the folder of a DeepSoil region</source>
      <translation>Elija la carpeta de una región de DeepSoil</translation>
    </message>
    <message>
      <source>Full path of the region's folder on that computer</source>
      <translation>Ruta completa de la carpeta de la región en ese equipo</translation>
    </message>
    <message>
      <source>Water and irrigation</source>
      <translation>Agua y riego</translation>
    </message>
    <message>
      <source>Simulating the field …</source>
      <translation>Simulando el campo …</translation>
    </message>
    <message>
      <source>Depth of the roots</source>
      <translation>Profundidad de las raíces</translation>
    </message>
    <message>
      <source>The water of the root zone is counted down to here, at most to 100 cm.</source>
      <translation>El agua de la zona radicular se cuenta hasta aquí, como máximo hasta 100 cm.</translation>
    </message>
    <message>
      <source>Share of the available water that may be used</source>
      <translation>Parte del agua disponible que se puede gastar</translation>
    </message>
    <message>
      <source>Beyond this share the crop suffers: that is the limit in the plot.</source>
      <translation>Más allá de esta parte el cultivo sufre: es el límite del gráfico.</translation>
    </message>
    <message>
      <source>Take the usual figures of the crop again</source>
      <translation>Volver a los valores habituales del cultivo</translation>
    </message>
    <message>
      <source>Roots</source>
      <translation>Raíces</translation>
    </message>
    <message>
      <source>May be used</source>
      <translation>Gastable</translation>
    </message>
    <message>
      <source>just sown or sprouting</source>
      <translation>recién sembrado o brotando</translation>
    </message>
    <message>
      <source>growing</source>
      <translation>creciendo</translation>
    </message>
    <message>
      <source>fully grown</source>
      <translation>en pleno desarrollo</translation>
    </message>
    <message>
      <source>ripening</source>
      <translation>madurando</translation>
    </message>
    <message>
      <source>not growing at this time</source>
      <translation>no crece en esta época</translation>
    </message>
    <message>
      <source>Crop not known: choose it in the line Water of the DeepSoil panel</source>
      <translation>Cultivo desconocido: elíjalo en la línea Agua del panel DeepSoil</translation>
    </message>
    <message>
      <source>Draw or select a field in the DeepSoil panel, or click a place on the map.</source>
      <translation>Dibuje o seleccione un campo en el panel DeepSoil, o pulse un punto del mapa.</translation>
    </message>
    <message>
      <source>Looking for data …</source>
      <translation>Buscando datos …</translation>
    </message>
    <message>
      <source>No region has data there. Get the data of this field in the line Data of the DeepSoil panel.</source>
      <translation>Ninguna región tiene datos allí. Obtenga los datos de este campo en la línea Datos del panel DeepSoil.</translation>
    </message>
    <message>
      <source>The plan of {0} is kept in the project.</source>
      <translation>El plan de {0} se guarda en el proyecto.</translation>
    </message>
    <message>
      <source>Single days cannot be noted while the field's irrigation is described otherwise. Choose “Irrigation log” in the line Water of the DeepSoil panel.</source>
      <translation>No se pueden anotar días sueltos mientras el riego del campo se describe de otro modo. Elija «Registro de riego» en la línea Agua del panel DeepSoil.</translation>
    </message>
    <message>
      <source>Irrigation given and planned: a date and its water in each row</source>
      <translation>Riego dado y previsto: una fecha y su agua en cada fila</translation>
    </message>
    <message>
      <source>Date</source>
      <translation>Fecha</translation>
    </message>
    <message>
      <source>Water ({0})</source>
      <translation>Agua ({0})</translation>
    </message>
    <message>
      <source>planned</source>
      <translation>previsto</translation>
    </message>
    <message>
      <source>given, in the irrigation log</source>
      <translation>dado, en el registro de riego</translation>
    </message>
    <message>
      <source>“{0}” is not a date.</source>
      <translation>«{0}» no es una fecha.</translation>
    </message>
    <message>
      <source>“{0}” is not an amount of water: type more than 0 and at most {1}.</source>
      <translation>«{0}» no es una cantidad de agua: escriba más de 0 y como máximo {1}.</translation>
    </message>
    <message>
      <source>Field that is shown</source>
      <translation>Campo que se muestra</translation>
    </message>
    <message>
      <source>Day from which is looked ahead</source>
      <translation>Día desde el que se mira adelante</translation>
    </message>
    <message>
      <source>Days ahead</source>
      <translation>Días por delante</translation>
    </message>
    <message>
      <source>Unit of water</source>
      <translation>Unidad del agua</translation>
    </message>
    <message>
      <source>The field of the DeepSoil panel</source>
      <translation>El campo del panel DeepSoil</translation>
    </message>
    <message>
      <source>The field of the job that is selected in the list</source>
      <translation>El campo del trabajo seleccionado en la lista</translation>
    </message>
    <message>
      <source>A place: click it on the map</source>
      <translation>Un lugar: púlselo en el mapa</translation>
    </message>
    <message>
      <source>Undo (Ctrl+Z)</source>
      <translation>Deshacer (Ctrl+Z)</translation>
    </message>
    <message>
      <source>Redo (Ctrl+Y)</source>
      <translation>Rehacer (Ctrl+Y)</translation>
    </message>
    <message>
      <source>Remove the selected irrigation (Delete)</source>
      <translation>Quitar el riego seleccionado (Supr)</translation>
    </message>
    <message>
      <source>Keep as plan</source>
      <translation>Guardar plan</translation>
    </message>
    <message>
      <source>Keep the planned irrigation with this field in the project. It is not put into the irrigation log.</source>
      <translation>Guardar el riego previsto con este campo en el proyecto. No pasa al registro de riego.</translation>
    </message>
    <message>
      <source>DeepSoil Water</source>
      <translation>DeepSoil Agua</translation>
    </message>
    <message>
      <source>Select a job with maps in the list of the DeepSoil panel first.</source>
      <translation>Seleccione antes un trabajo con mapas en la lista del panel DeepSoil.</translation>
    </message>
    <message>
      <source>Field without a name</source>
      <translation>Campo sin nombre</translation>
    </message>
    <message>
      <source>Click a place on the map. Esc gives up.</source>
      <translation>Pulse un lugar del mapa. Esc lo deja.</translation>
    </message>
    <message>
      <source>Irrigation on a time axis. Enter adds, arrow keys move and resize, Page Up and Page Down select, Delete removes.</source>
      <translation>Riego en un eje de tiempo. Intro añade, las flechas mueven y cambian la cantidad, Re Pág y Av Pág seleccionan, Supr quita.</translation>
    </message>
    <message>
      <source>water</source>
      <translation>agua</translation>
    </message>
    <message>
      <source>depletion</source>
      <translation>agotamiento</translation>
    </message>
    <message>
      <source>drainage</source>
      <translation>drenaje</translation>
    </message>
    <message>
      <source>{0}/day</source>
      <translation>{0}/día</translation>
    </message>
    <message>
      <source>usual weather, no rain</source>
      <translation>tiempo habitual, sin lluvia</translation>
    </message>
    <message>
      <source>limit of the crop</source>
      <translation>límite del cultivo</translation>
    </message>
    <message>
      <source>after the {0} planned</source>
      <translation>tras los {0} previstos</translation>
    </message>
    <message>
      <source>Refill {0} now ({1} to {2}){3}: more than the limit of {4} is used</source>
      <translation>Reponga {0} ya ({1} a {2}){3}: se ha gastado más que el límite de {4}</translation>
    </message>
    <message>
      <source>Refill {0} by {1} ({2} to {3}){4}</source>
      <translation>Reponga {0} para el {1} ({2} a {3}){4}</translation>
    </message>
    <message>
      <source>No irrigation needed until {0}{1}: {2} ({3} to {4}) will be lacking, the limit is {5}</source>
      <translation>No hace falta regar hasta el {0}{1}: faltarán {2} ({3} a {4}), el límite es {5}</translation>
    </message>
    <message>
      <source>no forecast: usual weather without rain</source>
      <translation>sin pronóstico: tiempo habitual sin lluvia</translation>
    </message>
    <message>
      <source>no rain forecast</source>
      <translation>no se pronostica lluvia</translation>
    </message>
    <message>
      <source>{0} of rain forecast, already counted</source>
      <translation>{0} de lluvia pronosticados, ya contados</translation>
    </message>
    <message>
      <source>{0} of rain, already counted</source>
      <translation>{0} de lluvia, ya contados</translation>
    </message>
    <message>
      <source>{0} until {1}, after that usual weather without rain</source>
      <translation>{0} hasta el {1}, después tiempo habitual sin lluvia</translation>
    </message>
    <message>
      <source>no reading is used</source>
      <translation>no se usa ninguna medición</translation>
    </message>
    <message>
      <source>irrigation before is not known</source>
      <translation>no se conoce el riego anterior</translation>
    </message>
    <message>
      <source>the crop is not known</source>
      <translation>no se conoce el cultivo</translation>
    </message>
    <message>
      <source>the weather is not forecast so far</source>
      <translation>el pronóstico no llega tan lejos</translation>
    </message>
    <message>
      <source>interval wide because {0}</source>
      <translation>intervalo ancho porque {0}</translation>
    </message>
    <message>
      <source>rain {0}</source>
      <translation>lluvia {0}</translation>
    </message>
    <message>
      <source>irrigation {0}</source>
      <translation>riego {0}</translation>
    </message>
    <message>
      <source>depletion {0} ({1} to {2})</source>
      <translation>agotamiento {0} ({1} a {2})</translation>
    </message>
    <message>
      <source>drainage {0} {1}</source>
      <translation>drenaje {0} {1}</translation>
    </message>
    <message>
      <source>given</source>
      <translation>dado</translation>
    </message>
    <message>
      <source>limit of the crop, and when it is reached</source>
      <translation>límite del cultivo, y cuándo se alcanza</translation>
    </message>
    <message>
      <source>It is {0}</source>
      <translation>Es {0}</translation>
    </message>
    <message>
      <source>what it is</source>
      <translation>qué es</translation>
    </message>
    <message>
      <source>the unit</source>
      <translation>la unidad</translation>
    </message>
    <message>
      <source>which values are missing</source>
      <translation>qué valores faltan</translation>
    </message>
    <message>
      <source>the day</source>
      <translation>el día</translation>
    </message>
    <message>
      <source>the coordinate system</source>
      <translation>el sistema de coordenadas</translation>
    </message>
    <message>
      <source>which of several files counts; leave out the others</source>
      <translation>cuál de varios archivos cuenta; deje fuera los demás</translation>
    </message>
    <message>
      <source>No GeoTIFF, NetCDF file or ISMN archive is in this folder.</source>
      <translation>En esta carpeta no hay ningún GeoTIFF, archivo NetCDF ni archivo ISMN.</translation>
    </message>
    <message numerus="yes">
      <source>Still to be said of %n file(s).</source>
      <translation>
        <numerusform>Falta información de %n archivo.</numerusform>
        <numerusform>Falta información de %n archivos.</numerusform>
      </translation>
    </message>
    <message>
      <source>No map can be made without: {0}.</source>
      <translation>No se puede hacer ningún mapa sin: {0}.</translation>
    </message>
    <message>
      <source>The maps have no area in common.</source>
      <translation>Los mapas no tienen ninguna zona en común.</translation>
    </message>
    <message>
      <source>Forecast: the weather of this day is not known yet.</source>
      <translation>Pronóstico: el tiempo de este día aún no se conoce.</translation>
    </message>
    <message numerus="yes">
      <source>%n day(s) of forecast, from {0}</source>
      <translation>
        <numerusform>%n día de pronóstico, desde el {0}</numerusform>
        <numerusform>%n días de pronóstico, desde el {0}</numerusform>
      </translation>
    </message>
    <message>
      <source>To know:</source>
      <translation>Para saber:</translation>
    </message>
    <message>
      <source>The engine does not answer.</source>
      <translation>El motor no responde.</translation>
    </message>
    <message>
      <source>Soil moisture on {0}</source>
      <translation>Humedad del suelo el {0}</translation>
    </message>
    <message>
      <source>FORECAST</source>
      <translation>PRONÓSTICO</translation>
    </message>
    <message>
      <source>synthetic data: nothing here is about a real place</source>
      <translation>datos sintéticos: nada de esto se refiere a un lugar real</translation>
    </message>
    <message>
      <source>Field: {0}</source>
      <translation>Parcela: {0}</translation>
    </message>
    <message>
      <source>Mapped: {0} % of the field</source>
      <translation>Con mapa: {0} % de la parcela</translation>
    </message>
    <message numerus="yes">
      <source>%n pixel(s)</source>
      <translation>
        <numerusform>%n píxel</numerusform>
        <numerusform>%n píxeles</numerusform>
      </translation>
    </message>
    <message>
      <source>Mean</source>
      <translation>Media</translation>
    </message>
    <message>
      <source>Interval (90 %)</source>
      <translation>Intervalo (90 %)</translation>
    </message>
    <message>
      <source>Drier tenth</source>
      <translation>10 % seco</translation>
    </message>
    <message>
      <source>Wetter tenth</source>
      <translation>10 % húmedo</translation>
    </message>
    <message>
      <source>Share below</source>
      <translation>Parte debajo</translation>
    </message>
    <message>
      <source>not known</source>
      <translation>no se conoce</translation>
    </message>
    <message>
      <source>{0} % below {1}</source>
      <translation>{0} % bajo {1}</translation>
    </message>
    <message>
      <source>The interval is that of one pixel: nine readings of ten lie inside mean ± interval.</source>
      <translation>El intervalo es el de un píxel: nueve de cada diez lecturas quedan dentro de media ± intervalo.</translation>
    </message>
    <message>
      <source>How sure the values are is not known: these maps have no interval.</source>
      <translation>No se sabe con qué seguridad se conocen los valores: estos mapas no tienen intervalo.</translation>
    </message>
    <message>
      <source>Without data here, and filled with usual values: {0}.</source>
      <translation>Sin datos aquí y rellenado con valores habituales: {0}.</translation>
    </message>
    <message>
      <source>Not used, because the model has met no measured values of it: {0}.</source>
      <translation>No se usa, porque el modelo no ha visto valores medidos: {0}.</translation>
    </message>
    <message>
      <source>Weather from {0} on is a forecast.</source>
      <translation>El tiempo a partir del {0} es un pronóstico.</translation>
    </message>
    <message>
      <source>No plot of the last weeks: {0}</source>
      <translation>Sin gráfico de las últimas semanas: {0}</translation>
    </message>
    <message>
      <source>Simulated field: mean of {0} simulations of its soil, each with other draws of what is not known.</source>
      <translation>Parcela simulada: media de {0} simulaciones de su suelo, cada una con otros valores de lo que no se conoce.</translation>
    </message>
    <message>
      <source>Predicted by the model {0} {1}.</source>
      <translation>Predicho por el modelo {0} {1}.</translation>
    </message>
    <message>
      <source>Crop: {0}.</source>
      <translation>Cultivo: {0}.</translation>
    </message>
    <message>
      <source>Crop: not given.</source>
      <translation>Cultivo: no indicado.</translation>
    </message>
    <message>
      <source>Not irrigated.</source>
      <translation>Sin riego.</translation>
    </message>
    <message>
      <source>Irrigated, but how much water was given is not known.</source>
      <translation>Con riego, pero no se sabe cuánta agua se ha dado.</translation>
    </message>
    <message>
      <source>Irrigation: not given. If the field was irrigated, it is wetter than shown.</source>
      <translation>Riego: no indicado. Si la parcela se ha regado, está más húmeda de lo que se muestra.</translation>
    </message>
    <message>
      <source>Corrected by readings: {0}.</source>
      <translation>Corregido con lecturas: {0}.</translation>
    </message>
    <message>
      <source>No soil moisture readings of this field were used.</source>
      <translation>No se han usado lecturas de humedad del suelo de esta parcela.</translation>
    </message>
    <message>
      <source>Data: {0}</source>
      <translation>Datos: {0}</translation>
    </message>
    <message>
      <source>Made with DeepSoil {0}, job {1}</source>
      <translation>Hecho con DeepSoil {0}, trabajo {1}</translation>
    </message>
    <message>
      <source>{0} is too large for a layout template.</source>
      <translation>{0} es demasiado grande para una plantilla de composición.</translation>
    </message>
    <message>
      <source>The layout template {0} cannot be read: {1}. Choose another one in DeepSoil's options.</source>
      <translation>La plantilla de composición {0} no se puede leer: {1}. Elija otra en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>{0} is not a layout template. Choose another one in DeepSoil's options.</source>
      <translation>{0} no es una plantilla de composición. Elija otra en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>QGIS cannot open the layout template. Choose another one in DeepSoil's options.</source>
      <translation>QGIS no puede abrir la plantilla de composición. Elija otra en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>The layout template has none of the items that DeepSoil fills, such as deepsoil_map. Start from the one that comes with DeepSoil.</source>
      <translation>La plantilla de composición no tiene ninguno de los elementos que DeepSoil rellena, como deepsoil_map. Parta de la que viene con DeepSoil.</translation>
    </message>
    <message>
      <source>QGIS could not write the page</source>
      <translation>QGIS no ha podido escribir la página</translation>
    </message>
    <message>
      <source>The last weeks at the middle of the field</source>
      <translation>Las últimas semanas en el centro de la parcela</translation>
    </message>
    <message>
      <source>Please note</source>
      <translation>Tenga en cuenta</translation>
    </message>
    <message>
      <source>the map cannot be opened</source>
      <translation>el mapa no se puede abrir</translation>
    </message>
    <message>
      <source>Outline</source>
      <translation>Contorno</translation>
    </message>
    <message>
      <source>the plot cannot be drawn</source>
      <translation>el gráfico no se puede dibujar</translation>
    </message>
    <message>
      <source>irrigation</source>
      <translation>riego</translation>
    </message>
    <message>
      <source>day of the map</source>
      <translation>día del mapa</translation>
    </message>
    <message>
      <source>The request of this map is not known on this computer.</source>
      <translation>La solicitud de este mapa no se conoce en este equipo.</translation>
    </message>
    <message>
      <source>The map has no pixel with a value.</source>
      <translation>El mapa no tiene ningún píxel con valor.</translation>
    </message>
    <message>
      <source>Writes finished DeepSoil maps as Cloud-Optimised GeoTIFFs, cut to their fields, in the coordinate system, pixel size and unit of your choice, with a table of each field's figures (CSV, XLSX), its outline (GeoPackage, shapefile) and a PDF report. If nothing is changed, a map is copied as it is. Pixels that become coarser are the mean of the map's pixels in them; others have the value of the nearest. Maps that are damaged are left out and named.</source>
      <translation>Escribe mapas terminados de DeepSoil como GeoTIFF optimizados para la nube, recortados a sus parcelas, en el sistema de coordenadas, el tamaño de píxel y la unidad que elija, con una tabla de cifras de cada parcela (CSV, XLSX), su contorno (GeoPackage, shapefile) y un informe PDF. Si no se cambia nada, el mapa se copia tal cual. Los píxeles más gruesos son la media de los píxeles del mapa que contienen; los demás tienen el valor del más cercano. Los mapas dañados se omiten y se nombran.</translation>
    </message>
    <message>
      <source>PDF report, a page for each field and day</source>
      <translation>Informe PDF, una página por parcela y día</translation>
    </message>
    <message>
      <source>Zones</source>
      <translation>Zonas</translation>
    </message>
    <message>
      <source>{0} is too large</source>
      <translation>{0} es demasiado grande</translation>
    </message>
    <message>
      <source>Name of the field, with its colour on the map</source>
      <translation>Nombre de la parcela, con su color en el mapa</translation>
    </message>
    <message>
      <source>Need</source>
      <translation>Necesidad</translation>
    </message>
    <message>
      <source>What is used of the water that the crop may use without stress. From 100 % on the limit is reached</source>
      <translation>Lo que se ha gastado del agua que el cultivo puede usar sin estrés. Desde el 100 % se ha alcanzado el límite</translation>
    </message>
    <message>
      <source>What an irrigation is to give, with the 90 % interval</source>
      <translation>Lo que ha de dar un riego, con el intervalo del 90 %</translation>
    </message>
    <message>
      <source>Limit in (days)</source>
      <translation>Límite en (días)</translation>
    </message>
    <message>
      <source>Days until the crop has used what it may without stress, if nothing is irrigated: half of the simulations, earliest and latest</source>
      <translation>Días hasta que el cultivo haya gastado lo que puede sin estrés, si no se riega: la mitad de las simulaciones, la primera y la última</translation>
    </message>
    <message>
      <source>Available (%)</source>
      <translation>Disponible (%)</translation>
    </message>
    <message>
      <source>Plant-available water, share of what the root zone can hold</source>
      <translation>Agua disponible para las plantas, parte de lo que puede retener la zona de raíces</translation>
    </message>
    <message>
      <source>What lacks to field capacity, with the 90 % interval</source>
      <translation>Lo que falta hasta la capacidad de campo, con el intervalo del 90 %</translation>
    </message>
    <message>
      <source>Beyond limit (%)</source>
      <translation>Tras el límite (%)</translation>
    </message>
    <message>
      <source>Share of the field that has used what the crop may use</source>
      <translation>Parte de la parcela que ha gastado lo que el cultivo puede usar</translation>
    </message>
    <message>
      <source>Area (ha)</source>
      <translation>Superficie (ha)</translation>
    </message>
    <message>
      <source>True area of the outline</source>
      <translation>Superficie real del contorno</translation>
    </message>
    <message>
      <source>Limit reached</source>
      <translation>Límite alcanzado</translation>
    </message>
    <message>
      <source>More than half used</source>
      <translation>Gastada más de la mitad</translation>
    </message>
    <message>
      <source>Enough water</source>
      <translation>Agua suficiente</translation>
    </message>
    <message>
      <source>Not known</source>
      <translation>No se sabe</translation>
    </message>
    <message>
      <source>Outside the region: it has no data there</source>
      <translation>Fuera de la región: allí no tiene datos</translation>
    </message>
    <message>
      <source>No map: open water, or no soil data</source>
      <translation>Sin mapa: agua libre, o sin datos de suelo</translation>
    </message>
    <message>
      <source>No map</source>
      <translation>Sin mapa</translation>
    </message>
    <message>
      <source>reached</source>
      <translation>alcanzado</translation>
    </message>
    <message>
      <source>more than {0}</source>
      <translation>más de {0}</translation>
    </message>
    <message>
      <source>Mean soil moisture of the field, with the 10th and 90th percentile of its map</source>
      <translation>Humedad media del suelo de la parcela, con los percentiles 10 y 90 de su mapa</translation>
    </message>
    <message>
      <source>Filter by name</source>
      <translation>Filtrar por nombre</translation>
    </message>
    <message>
      <source>Copy the selected fields, or all of them</source>
      <translation>Copiar las parcelas seleccionadas, o todas</translation>
    </message>
    <message>
      <source>Save the table as CSV…</source>
      <translation>Guardar la tabla como CSV…</translation>
    </message>
    <message>
      <source>Work out refill</source>
      <translation>Calcular reposición</translation>
    </message>
    <message>
      <source>Simulate these fields for the last day: water to refill, and days until the limit</source>
      <translation>Simular estas parcelas en el último día: agua para reponer y días hasta el límite</translation>
    </message>
    <message>
      <source>Only where the limit is reached</source>
      <translation>Solo donde se ha alcanzado el límite</translation>
    </message>
    <message>
      <source>Reading the table of fields</source>
      <translation>Leyendo la tabla de parcelas</translation>
    </message>
    <message>
      <source>The table of fields cannot be read: {0}. Make the maps again.</source>
      <translation>No se puede leer la tabla de parcelas: {0}. Haga los mapas de nuevo.</translation>
    </message>
    <message>
      <source>Saving the table of fields</source>
      <translation>Guardando la tabla de parcelas</translation>
    </message>
    <message>
      <source>The table could not be saved as {0}: {1}. Close it elsewhere, or choose another place.</source>
      <translation>La tabla no se pudo guardar como {0}: {1}. Ciérrela en el otro programa, o elija otro lugar.</translation>
    </message>
    <message>
      <source>Need for water</source>
      <translation>Necesidad de agua</translation>
    </message>
    <message>
      <source>Number</source>
      <translation>Número</translation>
    </message>
    <message>
      <source>Day</source>
      <translation>Día</translation>
    </message>
    <message>
      <source>Need (share of the limit)</source>
      <translation>Necesidad (parte del límite)</translation>
    </message>
    <message>
      <source>Water to refill (mm)</source>
      <translation>Agua para reponer (mm)</translation>
    </message>
    <message>
      <source>Limit of depletion (mm)</source>
      <translation>Límite de agotamiento (mm)</translation>
    </message>
    <message>
      <source>Days until the limit</source>
      <translation>Días hasta el límite</translation>
    </message>
    <message>
      <source>Share beyond the limit</source>
      <translation>Parte tras el límite</translation>
    </message>
    <message>
      <source>Day of the limit</source>
      <translation>Día del límite</translation>
    </message>
    <message>
      <source>Why there are no figures</source>
      <translation>Por qué no hay cifras</translation>
    </message>
    <message>
      <source>DeepSoil Fields</source>
      <translation>DeepSoil: parcelas</translation>
    </message>
    <message>
      <source>Fields and their need for water</source>
      <translation>Parcelas y su necesidad de agua</translation>
    </message>
    <message>
      <source>Choose a job with maps in the list, and then “Table of fields”.</source>
      <translation>Elija en la lista un trabajo con mapas y después «Tabla de parcelas».</translation>
    </message>
    <message>
      <source>Save the table of fields</source>
      <translation>Guardar la tabla de parcelas</translation>
    </message>
    <message>
      <source>CSV table (*.csv)</source>
      <translation>Tabla CSV (*.csv)</translation>
    </message>
    <message>
      <source>Saved as {0}.</source>
      <translation>Guardado como {0}.</translation>
    </message>
    <message>
      <source>{0} · refill</source>
      <translation>{0} · reposición</translation>
    </message>
    <message>
      <source>The table is on the computer that made the maps. Choose “Download and show” in the list of jobs.</source>
      <translation>La tabla está en el ordenador que hizo los mapas. Elija «Descargar y mostrar» en la lista de trabajos.</translation>
    </message>
    <message>
      <source>The job was cancelled before its table was made. Work out the refill, or try the job again.</source>
      <translation>El trabajo se canceló antes de hacer su tabla. Calcule la reposición, o repita el trabajo.</translation>
    </message>
    <message>
      <source>{0} %</source>
      <translation>{0} %</translation>
    </message>
    <message>
      <source>The fields are being worked out: {0}. The table comes when all maps are made.</source>
      <translation>Se están calculando las parcelas: {0}. La tabla llega cuando todos los mapas están hechos.</translation>
    </message>
    <message>
      <source>This job has no table of fields. “Work out refill” makes one.</source>
      <translation>Este trabajo no tiene tabla de parcelas. «Calcular reposición» hace una.</translation>
    </message>
    <message>
      <source>These maps say nothing of the water to refill. “Work out refill” simulates the fields.</source>
      <translation>Estos mapas no dicen nada del agua para reponer. «Calcular reposición» simula las parcelas.</translation>
    </message>
    <message numerus="yes">
      <source>%n field(s) beyond the limit.</source>
      <translation>
        <numerusform>%n parcela tras el límite.</numerusform>
        <numerusform>%n parcelas tras el límite.</numerusform>
      </translation>
    </message>
    <message>
      <source>The region has weather for {0} of the next {1} days; after them no rain is assumed.</source>
      <translation>La región tiene el tiempo de {0} de los próximos {1} días; después se supone que no llueve.</translation>
    </message>
    <message numerus="yes">
      <source>%n field(s) without figures; the table says why.</source>
      <translation>
        <numerusform>%n parcela sin cifras; la tabla dice por qué.</numerusform>
        <numerusform>%n parcelas sin cifras; la tabla dice por qué.</numerusform>
      </translation>
    </message>
    <message>
      <source>What an irrigation is to give, so that the root zone is full again</source>
      <translation>Lo que un riego ha de dar para que la zona de raíces vuelva a estar llena</translation>
    </message>
    <message>
      <source>from the mean {0}, {1}</source>
      <translation>respecto a la media {0}, {1}</translation>
    </message>
    <message>
      <source>No pattern is known: the field's driest and wettest tenths differ by {0} {2}, and each value is known to ± {1} {2}.</source>
      <translation>No se conoce ningún patrón: las décimas partes más seca y más húmeda del campo difieren en {0} {2}, y cada valor se conoce con ± {1} {2}.</translation>
    </message>
    <message>
      <source>no known difference (± {0})</source>
      <translation>sin diferencia conocida (± {0})</translation>
    </message>
    <message>
      <source>within ± {0} · not judged: no interval</source>
      <translation>dentro de ± {0} · sin juzgar: no hay intervalo</translation>
    </message>
    <message>
      <source>drier by over {0}</source>
      <translation>más seco en más de {0}</translation>
    </message>
    <message>
      <source>drier by {0} to {1}</source>
      <translation>más seco en {0} a {1}</translation>
    </message>
    <message>
      <source>wetter by {0} to {1}</source>
      <translation>más húmedo en {0} a {1}</translation>
    </message>
    <message>
      <source>wetter by over {0}</source>
      <translation>más húmedo en más de {0}</translation>
    </message>
    <message>
      <source>Reading a soil moisture map</source>
      <translation>Leyendo un mapa de humedad del suelo</translation>
    </message>
    <message>
      <source>Values</source>
      <translation>Valores</translation>
    </message>
    <message>
      <source>Water for the plants</source>
      <translation>Agua para las plantas</translation>
    </message>
    <message>
      <source>How sure it is</source>
      <translation>Qué seguro es</translation>
    </message>
    <message>
      <source>Show differences within the field</source>
      <translation>Mostrar las diferencias dentro del campo</translation>
    </message>
    <message>
      <source>Show the water for the plants</source>
      <translation>Mostrar el agua para las plantas</translation>
    </message>
    <message>
      <source>The map {0} cannot be read. To make it again, choose “Try again” in the list of jobs.</source>
      <translation>No se puede leer el mapa {0}. Para hacerlo otra vez, elija «Intentar de nuevo» en la lista de trabajos.</translation>
    </message>
    <message>
      <source>There is no map of the water for the plants of this field and day yet. It is simulated with the field's soil, crop and weather.</source>
      <translation>Todavía no hay un mapa del agua para las plantas de este campo y día. Se simula con el suelo, el cultivo y el tiempo del campo.</translation>
    </message>
    <message>
      <source>Fill in the request</source>
      <translation>Rellenar la petición</translation>
    </message>
    <message>
      <source>Preview</source>
      <translation>Vista previa</translation>
    </message>
    <message>
      <source>Pick a place on the map</source>
      <translation>Elegir un lugar en el mapa</translation>
    </message>
    <message>
      <source>Latitude and longitude in degrees</source>
      <translation>Latitud y longitud en grados</translation>
    </message>
    <message>
      <source>latitude, longitude</source>
      <translation>latitud, longitud</translation>
    </message>
    <message>
      <source>How the series is made</source>
      <translation>Cómo se hace la serie</translation>
    </message>
    <message>
      <source>Simulated field</source>
      <translation>Campo simulado</translation>
    </message>
    <message>
      <source>Networks</source>
      <translation>Redes</translation>
    </message>
    <message>
      <source>DeepSoil Place</source>
      <translation>DeepSoil: lugar</translation>
    </message>
    <message>
      <source>Click a place on the map, or type its coordinates.</source>
      <translation>Haga clic en un lugar del mapa o escriba sus coordenadas.</translation>
    </message>
    <message>
      <source>No region has data at this place. Choose one inside a region's outline, or get its data in the DeepSoil panel.</source>
      <translation>Ninguna región tiene datos en este lugar. Elija uno dentro del contorno de una región u obtenga sus datos en el panel de DeepSoil.</translation>
    </message>
    <message>
      <source>Computing …</source>
      <translation>Calculando …</translation>
    </message>
    <message>
      <source>Computing the series of this place …</source>
      <translation>Calculando la serie de este lugar …</translation>
    </message>
    <message>
      <source>The region has no soil moisture at this place on these days: it is open water, or without soil texture or weather.</source>
      <translation>La región no tiene humedad del suelo en este lugar en estos días: es agua, o falta la textura del suelo o el tiempo.</translation>
    </message>
    <message>
      <source>{0} cm: {1}</source>
      <translation>{0} cm: {1}</translation>
    </message>
    <message>
      <source>no data</source>
      <translation>sin datos</translation>
    </message>
    <message>
      <source>Soil moisture of a place</source>
      <translation>Humedad del suelo de un lugar</translation>
    </message>
    <message>
      <source>sand</source>
      <translation>arena</translation>
    </message>
    <message>
      <source>loamy sand</source>
      <translation>arena franca</translation>
    </message>
    <message>
      <source>sandy loam</source>
      <translation>franco arenoso</translation>
    </message>
    <message>
      <source>loam</source>
      <translation>franco</translation>
    </message>
    <message>
      <source>silt loam</source>
      <translation>franco limoso</translation>
    </message>
    <message>
      <source>silt</source>
      <translation>limo</translation>
    </message>
    <message>
      <source>sandy clay loam</source>
      <translation>franco arcillo-arenoso</translation>
    </message>
    <message>
      <source>clay loam</source>
      <translation>franco arcilloso</translation>
    </message>
    <message>
      <source>silty clay loam</source>
      <translation>franco arcillo-limoso</translation>
    </message>
    <message>
      <source>sandy clay</source>
      <translation>arcilla arenosa</translation>
    </message>
    <message>
      <source>silty clay</source>
      <translation>arcilla limosa</translation>
    </message>
    <message>
      <source>clay</source>
      <translation>arcilla</translation>
    </message>
    <message>
      <source>open water</source>
      <translation>agua</translation>
    </message>
    <message>
      <source>ice and snow</source>
      <translation>hielo y nieve</translation>
    </message>
    <message>
      <source>developed, open space</source>
      <translation>urbanizado, espacios abiertos</translation>
    </message>
    <message>
      <source>developed, low intensity</source>
      <translation>urbanizado, intensidad baja</translation>
    </message>
    <message>
      <source>developed, medium intensity</source>
      <translation>urbanizado, intensidad media</translation>
    </message>
    <message>
      <source>developed, high intensity</source>
      <translation>urbanizado, intensidad alta</translation>
    </message>
    <message>
      <source>barren land</source>
      <translation>suelo desnudo</translation>
    </message>
    <message>
      <source>deciduous forest</source>
      <translation>bosque caducifolio</translation>
    </message>
    <message>
      <source>evergreen forest</source>
      <translation>bosque perennifolio</translation>
    </message>
    <message>
      <source>mixed forest</source>
      <translation>bosque mixto</translation>
    </message>
    <message>
      <source>dwarf scrub</source>
      <translation>matorral enano</translation>
    </message>
    <message>
      <source>shrub</source>
      <translation>matorral</translation>
    </message>
    <message>
      <source>grassland</source>
      <translation>pastizal natural</translation>
    </message>
    <message>
      <source>sedge</source>
      <translation>ciperáceas</translation>
    </message>
    <message>
      <source>lichens</source>
      <translation>líquenes</translation>
    </message>
    <message>
      <source>moss</source>
      <translation>musgo</translation>
    </message>
    <message>
      <source>pasture or hay</source>
      <translation>pradera o heno</translation>
    </message>
    <message>
      <source>cultivated crops</source>
      <translation>cultivos</translation>
    </message>
    <message>
      <source>woody wetland</source>
      <translation>humedal arbolado</translation>
    </message>
    <message>
      <source>herbaceous wetland</source>
      <translation>humedal herbáceo</translation>
    </message>
    <message>
      <source>no values here, the models' means instead: {0}</source>
      <translation>sin valores aquí, en su lugar las medias de los modelos: {0}</translation>
    </message>
    <message>
      <source>values here that the models have not learned: {0}</source>
      <translation>valores de aquí que los modelos no han aprendido: {0}</translation>
    </message>
    <message>
      <source>no soil texture</source>
      <translation>sin textura del suelo</translation>
    </message>
    <message>
      <source>{0} ({1} % sand, {2} % silt, {3} % clay)</source>
      <translation>{0} ({1} % arena, {2} % limo, {3} % arcilla)</translation>
    </message>
    <message>
      <source>land cover {0}</source>
      <translation>cobertura {0}</translation>
    </message>
    <message>
      <source>irrigated by the region's map</source>
      <translation>regado según el mapa de la región</translation>
    </message>
    <message>
      <source>weather of a cell whose middle is {0} km away</source>
      <translation>tiempo de una celda cuyo centro está a {0} km</translation>
    </message>
    <message>
      <source>The engine's answer cannot be read.</source>
      <translation>La respuesta del motor no se puede leer.</translation>
    </message>
    <message>
      <source>This makes another region beside {0}, which stays as it is. What is the same is not fetched again.</source>
      <translation>Esto crea otra región junto a {0}, que queda como está. Lo que es igual no se descarga de nuevo.</translation>
    </message>
    <message>
      <source>in one case of twenty it is reached on {0}</source>
      <translation>en un caso de veinte se alcanza el {0}</translation>
    </message>
    <message>
      <source>limit reached on {0} at the earliest, perhaps after {1}</source>
      <translation>límite alcanzado el {0} como muy pronto, quizá después del {1}</translation>
    </message>
    <message>
      <source>limit reached between {0} and {1}</source>
      <translation>límite alcanzado entre el {0} y el {1}</translation>
    </message>
    <message>
      <source>assumed</source>
      <translation>supuesto</translation>
    </message>
    <message>
      <source>available to plants: {0} {1}</source>
      <translation>disponible para las plantas: {0} {1}</translation>
    </message>
    <message>
      <source>Mean of predicted minus observed, {0}. Above zero: too wet</source>
      <translation>Media de predicho menos observado, {0}. Por encima de cero: demasiado húmedo</translation>
    </message>
    <message>
      <source>Mean absolute error, {0}</source>
      <translation>Error absoluto medio, {0}</translation>
    </message>
    <message>
      <source>Root mean square difference after removing the bias, {0}</source>
      <translation>Raíz de la diferencia cuadrática media sin el sesgo, {0}</translation>
    </message>
    <message>
      <source>Mean absolute error, on the same days, of the estimate without a model that is best at this station, {0}. A useful model has a smaller error.</source>
      <translation>Error absoluto medio, en los mismos días, de la estimación sin modelo que es mejor en esta estación, {0}. Un modelo útil tiene un error menor.</translation>
    </message>
    <message>
      <source>predicted, {0}</source>
      <translation>predicho, {0}</translation>
    </message>
    <message>
      <source>observed, {0}</source>
      <translation>observado, {0}</translation>
    </message>
    <message>
      <source>in/day</source>
      <translation>in/día</translation>
    </message>
    <message>
      <source>Zones of need</source>
      <translation>Zonas de necesidad</translation>
    </message>
    <message>
      <source>Zone</source>
      <translation>Zona</translation>
    </message>
    <message>
      <source>Zones of the field</source>
      <translation>Zonas de la parcela</translation>
    </message>
    <message>
      <source>“{0}” is not a place. Type latitude and longitude in degrees, such as 40.4255, -104.929.</source>
      <translation>«{0}» no es un lugar. Escriba latitud y longitud en grados, por ejemplo 40.4255, -104.929.</translation>
    </message>
    <message>
      <source>Own readings</source>
      <translation>Lecturas propias</translation>
    </message>
    <message>
      <source>Map minus readings: {0}</source>
      <translation>Mapa menos lecturas: {0}</translation>
    </message>
    <message>
      <source>DeepSoil Own readings</source>
      <translation>DeepSoil: Lecturas propias</translation>
    </message>
    <message>
      <source>Map that the readings are compared with</source>
      <translation>Mapa con el que se comparan las lecturas</translation>
    </message>
    <message>
      <source>Show on the map where it is wetter or drier than the readings</source>
      <translation>Mostrar en el mapa dónde es más húmedo o más seco que las lecturas</translation>
    </message>
    <message>
      <source>On the map</source>
      <translation>En el mapa</translation>
    </message>
    <message>
      <source>Figures of the comparison</source>
      <translation>Cifras de la comparación</translation>
    </message>
    <message>
      <source>There are no readings yet. Add them in the dock's line Probes: a CSV file or single values.</source>
      <translation>Todavía no hay lecturas. Añádalas en la línea Sondas del panel: un archivo CSV o valores sueltos.</translation>
    </message>
    <message>
      <source>No finished map has a day of these readings.</source>
      <translation>Ningún mapa terminado tiene un día de estas lecturas.</translation>
    </message>
    <message>
      <source>{0} cm</source>
      <translation>{0} cm</translation>
    </message>
    <message>
      <source>Readings with a value of the map beside them</source>
      <translation>Lecturas con un valor del mapa al lado</translation>
    </message>
    <message>
      <source>Bias</source>
      <translation>Sesgo</translation>
    </message>
    <message>
      <source>Map minus readings; above 0 the map is wetter</source>
      <translation>Mapa menos lecturas; por encima de 0 el mapa es más húmedo</translation>
    </message>
    <message>
      <source>Mean absolute error</source>
      <translation>Error absoluto medio</translation>
    </message>
    <message>
      <source>MAE without bias</source>
      <translation>MAE sin sesgo</translation>
    </message>
    <message>
      <source>Error of the pattern: an offset of probe or map is taken out</source>
      <translation>Error del patrón: se descuenta un desfase de la sonda o del mapa</translation>
    </message>
    <message>
      <source>MAE of the mean</source>
      <translation>MAE de la media</translation>
    </message>
    <message>
      <source>If every point had the mean of the readings. A map that knows the pattern is below it</source>
      <translation>Si cada punto tuviera la media de las lecturas. Un mapa que conoce el patrón queda por debajo</translation>
    </message>
    <message>
      <source>Correlation over the points</source>
      <translation>Correlación entre los puntos</translation>
    </message>
    <message>
      <source>In the 90 % interval</source>
      <translation>En el intervalo del 90 %</translation>
    </message>
    <message>
      <source>Share of the readings in the map's interval; 90 % is right</source>
      <translation>Proporción de lecturas en el intervalo del mapa; lo correcto es el 90 %</translation>
    </message>
    <message>
      <source>no map of their day: {0}</source>
      <translation>sin mapa de su día: {0}</translation>
    </message>
    <message>
      <source>no map near their depth: {0}</source>
      <translation>sin mapa cerca de su profundidad: {0}</translation>
    </message>
    <message>
      <source>outside of the map: {0}</source>
      <translation>fuera del mapa: {0}</translation>
    </message>
    <message>
      <source>Not compared ({0}).</source>
      <translation>No comparadas ({0}).</translation>
    </message>
    <message>
      <source>This map was made with own readings: those are no check of it.</source>
      <translation>Este mapa se hizo con lecturas propias: esas no lo comprueban.</translation>
    </message>
    <message>
      <source>The map knows a part of the pattern.</source>
      <translation>El mapa conoce una parte del patrón.</translation>
    </message>
    <message>
      <source>The map does not know this pattern: the mean of the readings is as good.</source>
      <translation>El mapa no conoce este patrón: la media de las lecturas es igual de buena.</translation>
    </message>
    <message>
      <source>Relative to this field</source>
      <translation>Relativo a este campo</translation>
    </message>
    <message>
      <source>Row {0}: type the water in {1}.</source>
      <translation>Fila {0}: escriba el agua en {1}.</translation>
    </message>
    <message>
      <source>Row {0}: “{1}” is not an amount of water in {2}.</source>
      <translation>Fila {0}: «{1}» no es una cantidad de agua en {2}.</translation>
    </message>
    <message>
      <source>Row {0}: water must be more than 0 and at most {1}.</source>
      <translation>Fila {0}: el agua debe ser más de 0 y como máximo {1}.</translation>
    </message>
    <message>
      <source>Irrigation: {0} on {1} days of the year before.</source>
      <translation>Riego: {0} en {1} días del año anterior.</translation>
    </message>
    <message>
      <source>Refill ({0})</source>
      <translation>Reponer ({0})</translation>
    </message>
    <message>
      <source>Depletion ({0})</source>
      <translation>Agotamiento ({0})</translation>
    </message>
    <message>
      <source>θ {0} cm ({1})</source>
      <translation>θ {0} cm ({1})</translation>
    </message>
    <message>
      <source>usual practice, {0} at {1} %</source>
      <translation>práctica habitual, {0} al {1} %</translation>
    </message>
    <message>
      <source>irrigation log, days: {0}, water: {1}</source>
      <translation>registro de riego, días: {0}, agua: {1}</translation>
    </message>
    <message>
      <source>drier by more than {0} {1}</source>
      <translation>más seco en más de {0} {1}</translation>
    </message>
    <message>
      <source>wetter by more than {0} {1}</source>
      <translation>más húmedo en más de {0} {1}</translation>
    </message>
    <message>
      <source>Map ({0})</source>
      <translation>Mapa ({0})</translation>
    </message>
    <message>
      <source>Reading ({0})</source>
      <translation>Lectura ({0})</translation>
    </message>
    <message>
      <source>Files and parameters are in m³/m³ and mm, so that models and batches give the same for everybody. QGIS shows the maps in {0} and {1}, as chosen in DeepSoil's options.</source>
      <translation>Los archivos y los parámetros están en m³/m³ y mm, para que los modelos y los lotes den lo mismo a todos. QGIS muestra los mapas en {0} y {1}, según las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>Available water</source>
      <translation>Agua disponible</translation>
    </message>
    <message>
      <source>Depletion</source>
      <translation>Agotamiento</translation>
    </message>
    <message>
      <source>Water to refill</source>
      <translation>Agua para reponer</translation>
    </message>
    <message>
      <source>Drainage</source>
      <translation>Drenaje</translation>
    </message>
    <message>
      <source>SMAP</source>
      <translation>SMAP</translation>
    </message>
    <message>
      <source>Maps of SMAP's cells: SMAP, map, difference</source>
      <translation>Mapas de las celdas de SMAP: SMAP, mapa, diferencia</translation>
    </message>
    <message>
      <source>Map</source>
      <translation>Mapa</translation>
    </message>
    <message>
      <source>Map − SMAP</source>
      <translation>Mapa − SMAP</translation>
    </message>
    <message>
      <source>Map that SMAP is compared with</source>
      <translation>Mapa que se compara con SMAP</translation>
    </message>
    <message>
      <source>SMAP to compare with</source>
      <translation>SMAP con el que se compara</translation>
    </message>
    <message>
      <source>SMAP of the region</source>
      <translation>SMAP de la región</translation>
    </message>
    <message>
      <source>Own SMAP files…</source>
      <translation>Archivos de SMAP propios…</translation>
    </message>
    <message>
      <source>SMAP of the map's region, or a folder with HDF5 files of SPL3SMP or SPL3SMP_E, or GeoTIFFs with the day in their names</source>
      <translation>SMAP de la región del mapa, o una carpeta con archivos HDF5 de SPL3SMP o SPL3SMP_E, o GeoTIFF con el día en el nombre</translation>
    </message>
    <message>
      <source>Day that is shown</source>
      <translation>Día que se muestra</translation>
    </message>
    <message>
      <source>Map of the day before</source>
      <translation>Mapa del día anterior</translation>
    </message>
    <message>
      <source>Map of the next day</source>
      <translation>Mapa del día siguiente</translation>
    </message>
    <message>
      <source>Read no more maps; what was read stays</source>
      <translation>No leer más mapas; lo leído se queda</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>Continuar</translation>
    </message>
    <message>
      <source>Read the maps that are left</source>
      <translation>Leer los mapas que faltan</translation>
    </message>
    <message>
      <source>Show the cells as layers: SMAP, the means of the map, and the difference</source>
      <translation>Mostrar las celdas como capas: SMAP, las medias del mapa y la diferencia</translation>
    </message>
    <message>
      <source>SMAP, flagged</source>
      <translation>SMAP, dudosa</translation>
    </message>
    <message>
      <source>Choose the folder with SMAP's files</source>
      <translation>Elija la carpeta con los archivos de SMAP</translation>
    </message>
    <message>
      <source>mean of the days</source>
      <translation>media de los días</translation>
    </message>
    <message>
      <source>SMAP beside {0}, {1}</source>
      <translation>SMAP junto a {0}, {1}</translation>
    </message>
    <message>
      <source>Map, mean of the cells</source>
      <translation>Mapa, media de las celdas</translation>
    </message>
    <message>
      <source>DeepSoil SMAP</source>
      <translation>DeepSoil SMAP</translation>
    </message>
    <message>
      <source>There is no finished map of {0} cm yet. Make one in the dock: SMAP sees this depth.</source>
      <translation>Aún no hay ningún mapa terminado de {0} cm. Haga uno en el panel de DeepSoil: SMAP ve esta profundidad.</translation>
    </message>
    <message>
      <source>The map is averaged over SMAP's cells …</source>
      <translation>Se promedia el mapa sobre las celdas de SMAP…</translation>
    </message>
    <message>
      <source>Cancelled: no map was read. Choose the map again to compare it.</source>
      <translation>Cancelado: no se leyó ningún mapa. Elija el mapa de nuevo para compararlo.</translation>
    </message>
    <message>
      <source>Cancelled: {0}.</source>
      <translation>Cancelado: {0}.</translation>
    </message>
    <message>
      <source>map, {0}</source>
      <translation>mapa, {0}</translation>
    </message>
    <message>
      <source>SMAP, {0}</source>
      <translation>SMAP, {0}</translation>
    </message>
    <message>
      <source>cell, {0}</source>
      <translation>celda, {0}</translation>
    </message>
    <message>
      <source>Scores of the map against SMAP</source>
      <translation>Puntuaciones del mapa frente a SMAP</translation>
    </message>
    <message>
      <source>Cells</source>
      <translation>Celdas</translation>
    </message>
    <message>
      <source>recommended</source>
      <translation>recomendada</translation>
    </message>
    <message>
      <source>flagged</source>
      <translation>dudosa</translation>
    </message>
    <message>
      <source>Cell</source>
      <translation>Celda</translation>
    </message>
    <message>
      <source>Retrieval</source>
      <translation>Observación</translation>
    </message>
    <message>
      <source>Covered</source>
      <translation>Cubierta</translation>
    </message>
    <message>
      <source>Covered too little: without part in the scores</source>
      <translation>Cubierta demasiado poco: no cuenta en las puntuaciones</translation>
    </message>
    <message>
      <source>SMAP's cells</source>
      <translation>Celdas de SMAP</translation>
    </message>
    <message>
      <source>less than {0} %</source>
      <translation>menos del {0} %</translation>
    </message>
    <message>
      <source>no retrieval</source>
      <translation>sin observación</translation>
    </message>
    <message>
      <source>Mean of the days</source>
      <translation>Media de los días</translation>
    </message>
    <message>
      <source>{0}, no pass</source>
      <translation>{0}, sin paso</translation>
    </message>
    <message>
      <source>Cell {0}, {1}: SMAP {2} ({3}), map {4}, difference {5} {6}. The map covers {7} of the cell.</source>
      <translation>Celda {0}, {1}: SMAP {2} ({3}), mapa {4}, diferencia {5} {6}. El mapa cubre {7} de la celda.</translation>
    </message>
    <message>
      <source>SMAP has no retrieval here on {0}.</source>
      <translation>SMAP no tiene ninguna observación aquí el {0}.</translation>
    </message>
    <message>
      <source>The map covers {0} of one SMAP cell. The mean of that part is compared with the whole cell: bias and MAE also hold the difference between the mapped area and the land around it.</source>
      <translation>El mapa cubre {0} de una celda de SMAP. La media de esa parte se compara con la celda entera: el sesgo y el MAE contienen también la diferencia entre la zona del mapa y las tierras de alrededor.</translation>
    </message>
    <message>
      <source>Compared are means of the whole map over {0}. Cells that the map covers by less than a half are drawn pale and have no part in the scores.</source>
      <translation>Se comparan medias del mapa entero sobre {0}. Las celdas que el mapa cubre en menos de la mitad están pálidas y no cuentan en las puntuaciones.</translation>
    </message>
    <message>
      <source>%n cell(s)</source>
      <translation>%n celda</translation>
    </message>
    <message>
      <source>Flagged retrievals are those that SMAP does not recommend; they have scores of their own.</source>
      <translation>Las observaciones dudosas son las que SMAP no recomienda; tienen sus propias puntuaciones.</translation>
    </message>
    <message>
      <source>The files do not say which retrievals are recommended.</source>
      <translation>Los archivos no dicen qué observaciones se recomiendan.</translation>
    </message>
    <message>
      <source>{0} of {1} maps are read</source>
      <translation>{0} de {1} mapas leídos</translation>
    </message>
    <message>
      <source>Cells that have part in the scores</source>
      <translation>Celdas que cuentan en las puntuaciones</translation>
    </message>
    <message>
      <source>Retrievals with a value of the map beside them, over all cells and days</source>
      <translation>Observaciones con un valor del mapa al lado, en todas las celdas y días</translation>
    </message>
    <message>
      <source>Mean of map minus SMAP, {0}. Above zero the map is wetter</source>
      <translation>Media de mapa menos SMAP, {0}. Por encima de cero el mapa es más húmedo</translation>
    </message>
    <message>
      <source>Mean absolute difference, {0}</source>
      <translation>Diferencia absoluta media, {0}</translation>
    </message>
    <message>
      <source>ubRMSD in time</source>
      <translation>ubRMSD en el tiempo</translation>
    </message>
    <message>
      <source>Root mean square difference without the bias, {0}: median over cells with at least {1} days</source>
      <translation>Raíz de la diferencia cuadrática media sin el sesgo, {0}: mediana de las celdas con al menos {1} días</translation>
    </message>
    <message>
      <source>R in time</source>
      <translation>R en el tiempo</translation>
    </message>
    <message>
      <source>Do both rise and fall on the same days? Correlation, median over cells with at least {0} days</source>
      <translation>¿Suben y bajan los dos en los mismos días? Correlación, mediana de las celdas con al menos {0} días</translation>
    </message>
    <message>
      <source>R in space</source>
      <translation>R en el espacio</translation>
    </message>
    <message>
      <source>Are the same cells wet in both? Correlation, median over days with at least {0} cells</source>
      <translation>¿Son húmedas las mismas celdas en los dos? Correlación, mediana de los días con al menos {0} celdas</translation>
    </message>
    <message>
      <source>Share of the available water up to which is refilled</source>
      <translation>Parte del agua disponible hasta la que se repone</translation>
    </message>
    <message>
      <source>100 % is field capacity. Less leaves room for rain, and gives less water</source>
      <translation>100 % es la capacidad de campo. Menos deja sitio para la lluvia y aporta menos agua</translation>
    </message>
    <message>
      <source>Smallest zone in hectares</source>
      <translation>Zona más pequeña en hectáreas</translation>
    </message>
    <message>
      <source>Refill up to</source>
      <translation>Reponer hasta</translation>
    </message>
    <message>
      <source>the picture could not be written</source>
      <translation>no se pudo escribir la imagen</translation>
    </message>
    <message>
      <source>Saving pictures of days</source>
      <translation>Guardando imágenes de los días</translation>
    </message>
    <message>
      <source>The pictures could not be written into {0}: {1}. Choose another folder.</source>
      <translation>No se pudieron escribir las imágenes en {0}: {1}. Elija otra carpeta.</translation>
    </message>
    <message>
      <source>Zones of need come with the map of the water to refill. Choose it too, or leave the zones out.</source>
      <translation>Las zonas de necesidad vienen con el mapa del agua para reponer. Elíjalo también o deje las zonas fuera.</translation>
    </message>
    <message>
      <source>Refill: up to this share of the available water (%)</source>
      <translation>Reposición: hasta esta parte del agua disponible (%)</translation>
    </message>
    <message>
      <source>Refill: leave the rain of so many days out</source>
      <translation>Reposición: dejar fuera la lluvia de tantos días</translation>
    </message>
    <message>
      <source>Refill: only where the limit is reached</source>
      <translation>Reposición: solo donde se alcanza el límite</translation>
    </message>
    <message>
      <source>Refill: zones of need, too</source>
      <translation>Reposición: también zonas de necesidad</translation>
    </message>
    <message>
      <source>Refill: smallest zone (ha)</source>
      <translation>Reposición: zona más pequeña (ha)</translation>
    </message>
    <message>
      <source>Limit: share of the available water that the crop may use without stress (%; if empty: by the crop)</source>
      <translation>Límite: parte del agua disponible que el cultivo puede usar sin estrés (%; si está vacío: según el cultivo)</translation>
    </message>
    <message>
      <source>Comparing the soil with the readings …</source>
      <translation>Comparando el suelo con las lecturas …</translation>
    </message>
    <message>
      <source>Simulating the field up to {0} …</source>
      <translation>Simulando la parcela hasta el {0} …</translation>
    </message>
    <message>
      <source>Reading soil and weather …</source>
      <translation>Leyendo el suelo y el tiempo …</translation>
    </message>
    <message>
      <source>none of the readings says anything of this day</source>
      <translation>ninguna de las lecturas dice nada de este día</translation>
    </message>
    <message numerus="yes">
      <source>no reading in %n day(s)</source>
      <translation>
        <numerusform>ninguna lectura en %n día</numerusform>
        <numerusform>ninguna lectura en %n días</numerusform>
      </translation>
    </message>
    <message>
      <source>soil and roots are known from maps only</source>
      <translation>el suelo y las raíces solo se conocen por mapas</translation>
    </message>
    <message>
      <source>not verified here: no station within 50 km</source>
      <translation>no verificado aquí: no hay ninguna estación a menos de 50 km</translation>
    </message>
    <message>
      <source>at the station {0}, {1} km away, soil moisture at {2} cm was off by {3} {4} on a day</source>
      <translation>en la estación {0}, a {1} km, la humedad del suelo a {2} cm se desvió {3} {4} en un día</translation>
    </message>
    <message>
      <source>{0}, the forecast ends on {1}</source>
      <translation>{0}, el pronóstico termina el {1}</translation>
    </message>
    <message>
      <source>Days whose rain is left out</source>
      <translation>Días cuya lluvia se descuenta</translation>
    </message>
    <message>
      <source>What the region's weather has of rain on so many days after the map's is not refilled</source>
      <translation>No se repone la lluvia que el tiempo de la región tiene en tantos días después del día del mapa</translation>
    </message>
    <message>
      <source>Zones from</source>
      <translation>Zonas desde</translation>
    </message>
    <message>
      <source>Zones of need in each field, too, none smaller than this</source>
      <translation>También zonas de necesidad en cada parcela, ninguna más pequeña que esto</translation>
    </message>
    <message>
      <source>Days of rain left out</source>
      <translation>Días de lluvia fuera</translation>
    </message>
    <message>
      <source>up to {0} % of the available water</source>
      <translation>hasta el {0} % del agua disponible</translation>
    </message>
    <message>
      <source>No soil holds {0} {1}. {2}</source>
      <translation>Ningún suelo contiene {0} {1}. {2}</translation>
    </message>
    <message>
      <source>Difference</source>
      <translation>Diferencia</translation>
    </message>
    <message>
      <source>good</source>
      <translation>buena</translation>
    </message>
    <message>
      <source>Retrievals that SMAP recommends</source>
      <translation>Observaciones que SMAP recomienda</translation>
    </message>
    <message>
      <source>Retrievals that SMAP does not recommend</source>
      <translation>Observaciones que SMAP no recomienda</translation>
    </message>
    <message>
      <source>The nearest are of {0}.</source>
      <translation>Las más cercanas son de {0}.</translation>
    </message>
    <message>
      <source>Compare with SMAP</source>
      <translation>Comparar con SMAP</translation>
    </message>
    <message>
      <source>Folder with SMAP files (if empty: SMAP of the map's region)</source>
      <translation>Carpeta con archivos de SMAP (vacío: SMAP de la región del mapa)</translation>
    </message>
    <message>
      <source>{0} is not a map of DeepSoil. Choose one that DeepSoil has made.</source>
      <translation>{0} no es un mapa de DeepSoil. Elija uno hecho por DeepSoil.</translation>
    </message>
    <message>
      <source>Cancelled. Click the field's button above to simulate it after all.</source>
      <translation>Cancelado. Pulse arriba el botón de la parcela para simularla de todos modos.</translation>
    </message>
    <message>
      <source>SMAP is an input of this map's network: agreement is not an independent proof.</source>
      <translation>SMAP es una entrada de la red de este mapa: que coincidan no es una prueba independiente.</translation>
    </message>
    <message>
      <source>Averages a job's maps of the surface by area over the cells of SMAP and puts SMAP beside them: a polygon for each cell and day that has both, with smap, map and difference in m³/m³, the flag of the retrieval (recommended or flagged) and the share of the cell that the map covers. The scores are those of cells that the map covers by half or more; if there is none, of the cell with most of the map.</source>
      <translation>Promedia por superficie los mapas de la capa superficial de un trabajo sobre las celdas de SMAP y pone SMAP al lado: un polígono por cada celda y día que tiene los dos, con smap, map y difference en m³/m³, el indicador de la observación (recommended o flagged) y la parte de la celda que cubre el mapa. Las puntuaciones son de las celdas que el mapa cubre en la mitad o más; si no hay ninguna, de la que tiene más mapa.</translation>
    </message>
    <message>
      <source>DeepSoil map of the surface</source>
      <translation>Mapa de DeepSoil de la superficie</translation>
    </message>
    <message>
      <source>not compared yet with the nearest station, {0}, {1} km away: map the field with soil columns</source>
      <translation>aún no comparado con la estación más cercana, {0}, a {1} km: cartografíe la parcela con columnas de suelo</translation>
    </message>
    <message>
      <source>The region {0} takes this field in: it keeps its name and its data, and gets what it lacks for both fields.</source>
      <translation>La región {0} incorpora esta parcela: conserva su nombre y sus datos, y recibe lo que le falta para ambas parcelas.</translation>
    </message>
    <message>
      <source>Readings of own probes: CSV file or ISMN archive</source>
      <translation>Lecturas de sondas propias: archivo CSV o archivo de ISMN</translation>
    </message>
    <message>
      <source>The interval is not reliable: the field is irrigated. In synthetic tests, often fewer than nine days in ten lay inside it on irrigated fields.</source>
      <translation>El intervalo no es fiable: la parcela es regada. En pruebas sintéticas, en parcelas regadas a menudo menos de nueve de cada diez días estaban dentro.</translation>
    </message>
  </context>
  <context>
    <name>AccessFields</name>
    <message>
      <source>host name, address, or alias from ~/.ssh/config</source>
      <translation>nombre del servidor, dirección o alias de ~/.ssh/config</translation>
    </message>
    <message>
      <source>An alias includes its user, port, key and jump host</source>
      <translation>Un alias incluye su usuario, puerto, clave y servidor de salto</translation>
    </message>
    <message>
      <source>Name shown in QGIS</source>
      <translation>Nombre que se muestra en QGIS</translation>
    </message>
    <message>
      <source>from the SSH configuration</source>
      <translation>de la configuración de SSH</translation>
    </message>
    <message>
      <source>If empty and not configured: your user name on this computer</source>
      <translation>Si está vacío y sin configurar: su nombre de usuario en este equipo</translation>
    </message>
    <message>
      <source>SSH agent and default keys</source>
      <translation>Agente SSH y claves predeterminadas</translation>
    </message>
    <message>
      <source>Key file</source>
      <translation>Archivo de clave</translation>
    </message>
    <message>
      <source>Password</source>
      <translation>Contraseña</translation>
    </message>
    <message>
      <source>Password and code (second factor)</source>
      <translation>Contraseña y código (segundo factor)</translation>
    </message>
    <message>
      <source>Choose the private key</source>
      <translation>Elegir la clave privada</translation>
    </message>
    <message>
      <source>Slurm (cluster with a queue)</source>
      <translation>Slurm (clúster con cola)</translation>
    </message>
    <message>
      <source>Directly (computer without a queue)</source>
      <translation>Directamente (equipo sin cola)</translation>
    </message>
    <message>
      <source>Host</source>
      <translation>Servidor</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>User</source>
      <translation>Usuario</translation>
    </message>
    <message>
      <source>Log in with</source>
      <translation>Iniciar sesión con</translation>
    </message>
    <message>
      <source>Run jobs with</source>
      <translation>Ejecutar trabajos con</translation>
    </message>
  </context>
  <context>
    <name>AnswersForm</name>
    <message>
      <source>Values that stand for missing pixels</source>
      <translation>Valores que indican píxeles sin dato</translation>
    </message>
    <message>
      <source>None is missing</source>
      <translation>No falta ninguno</translation>
    </message>
    <message>
      <source>Day of the map</source>
      <translation>Día del mapa</translation>
    </message>
    <message>
      <source>Take this day</source>
      <translation>Usar este día</translation>
    </message>
    <message>
      <source>Missing values</source>
      <translation>Valores sin dato</translation>
    </message>
    <message>
      <source>Day</source>
      <translation>Día</translation>
    </message>
    <message>
      <source>Coordinate system</source>
      <translation>Sistema de coordenadas</translation>
    </message>
    <message>
      <source>“{0}” is not a list of numbers. Type them like this: -9999; 0.</source>
      <translation>«{0}» no es una lista de números. Escríbalos así: -9999; 0.</translation>
    </message>
  </context>
  <context>
    <name>ArchiveDialog</name>
    <message>
      <source>DeepSoil: Readings of {0}</source>
      <translation>DeepSoil: Lecturas de {0}</translation>
    </message>
    <message>
      <source>Sensors of the archive; those with a tick are read</source>
      <translation>Sensores del archivo; se leen los que tienen marca</translation>
    </message>
    <message>
      <source>Station</source>
      <translation>Estación</translation>
    </message>
    <message>
      <source>Depth</source>
      <translation>Profundidad</translation>
    </message>
    <message>
      <source>Days</source>
      <translation>Días</translation>
    </message>
    <message>
      <source>Period</source>
      <translation>Periodo</translation>
    </message>
    <message>
      <source>Place</source>
      <translation>Lugar</translation>
    </message>
    <message>
      <source>First day that is read</source>
      <translation>Primer día que se lee</translation>
    </message>
    <message>
      <source>Last day that is read</source>
      <translation>Último día que se lee</translation>
    </message>
    <message>
      <source>Let the maps rest on these readings</source>
      <translation>Que los mapas se apoyen en estas lecturas</translation>
    </message>
    <message>
      <source>Without the tick they are only compared with maps, in the panel Own readings.</source>
      <translation>Sin la marca solo se comparan con mapas, en el panel Lecturas propias.</translation>
    </message>
    <message>
      <source>Sensors that would not be read, and why</source>
      <translation>Sensores que no se leerían, y por qué</translation>
    </message>
    <message>
      <source>Add these readings</source>
      <translation>Añadir estas lecturas</translation>
    </message>
    <message>
      <source>There is no reading to use.</source>
      <translation>No hay ninguna lectura que usar.</translation>
    </message>
    <message>
      <source>Reading the file …</source>
      <translation>Leyendo el archivo …</translation>
    </message>
  </context>
  <context>
    <name>ArchivesGroup</name>
    <message>
      <source>Data from public archives</source>
      <translation>Datos de archivos públicos</translation>
    </message>
    <message>
      <source>Work offline: use only what was fetched before</source>
      <translation>Trabajar sin conexión: usar solo lo que ya se descargó</translation>
    </message>
    <message>
      <source>Beyond this size, what was used least recently is removed</source>
      <translation>Por encima de este tamaño se elimina lo que hace más tiempo que no se usa</translation>
    </message>
    <message>
      <source>Clear</source>
      <translation>Vaciar</translation>
    </message>
    <message>
      <source>Remove what is kept of earlier downloads. Regions and maps stay</source>
      <translation>Eliminar lo guardado de descargas anteriores. Las regiones y los mapas se conservan</translation>
    </message>
    <message>
      <source>Earthdata token</source>
      <translation>Token de Earthdata</translation>
    </message>
    <message>
      <source>Register at urs.earthdata.nasa.gov (free), choose “Generate Token”, and paste it here. It is kept in QGIS's authentication store</source>
      <translation>Regístrese en urs.earthdata.nasa.gov (gratis), elija «Generate Token» y péguelo aquí. Se guarda en el almacén de autenticación de QGIS</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>Guardar</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Eliminar</translation>
    </message>
    <message>
      <source>Archives that may be asked</source>
      <translation>Archivos que se pueden consultar</translation>
    </message>
    <message>
      <source>of at most</source>
      <translation>de un máximo de</translation>
    </message>
    <message>
      <source>Kept downloads</source>
      <translation>Descargas guardadas</translation>
    </message>
    <message>
      <source>Archives to ask</source>
      <translation>Archivos que se consultan</translation>
    </message>
    <message>
      <source>QGIS's authentication store is locked, so the token was not kept.</source>
      <translation>El almacén de autenticación de QGIS está bloqueado, así que el token no se guardó.</translation>
    </message>
    <message>
      <source>kept</source>
      <translation>guardado</translation>
    </message>
    <message>
      <source>none</source>
      <translation>ninguno</translation>
    </message>
  </context>
  <context>
    <name>ArchivesTable</name>
    <message>
      <source>Archives</source>
      <translation>Archivos</translation>
    </message>
    <message>
      <source>Archive</source>
      <translation>Archivo</translation>
    </message>
    <message>
      <source>Used for</source>
      <translation>Se usa para</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>Tamaño</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>Licencia</translation>
    </message>
  </context>
  <context>
    <name>AreaSection</name>
    <message>
      <source>Draw the field's outline, corner by corner</source>
      <translation>Dibujar el contorno de la parcela, vértice a vértice</translation>
    </message>
    <message>
      <source>Draw</source>
      <translation>Dibujar</translation>
    </message>
    <message>
      <source>Drag a box over the field</source>
      <translation>Arrastrar un recuadro sobre la parcela</translation>
    </message>
    <message>
      <source>Box</source>
      <translation>Recuadro</translation>
    </message>
    <message>
      <source>Selected</source>
      <translation>Selección</translation>
    </message>
    <message>
      <source>Use the current map view as the area</source>
      <translation>Usar la vista actual del mapa como área</translation>
    </message>
    <message>
      <source>View</source>
      <translation>Vista</translation>
    </message>
    <message>
      <source>Name of the field</source>
      <translation>Nombre de la parcela</translation>
    </message>
    <message>
      <source>Zoom to the area</source>
      <translation>Acercar al área</translation>
    </message>
    <message>
      <source>Undo: previous area</source>
      <translation>Deshacer: área anterior</translation>
    </message>
    <message>
      <source>Redo: next area</source>
      <translation>Rehacer: área siguiente</translation>
    </message>
    <message>
      <source>Field {0}</source>
      <translation>Parcela {0}</translation>
    </message>
    <message>
      <source>Map view</source>
      <translation>Vista del mapa</translation>
    </message>
    <message>
      <source>{0} ({1} selected)</source>
      <translation>{0} ({1} seleccionados)</translation>
    </message>
    <message>
      <source>No layer has selected polygons</source>
      <translation>Ninguna capa tiene polígonos seleccionados</translation>
    </message>
    <message>
      <source>No polygon is selected. Select one or more polygons with QGIS's selection tool, then click here again.</source>
      <translation>No hay ningún polígono seleccionado. Seleccione uno o varios polígonos con la herramienta de selección de QGIS y haga clic aquí de nuevo.</translation>
    </message>
    <message>
      <source>No area chosen</source>
      <translation>Sin área elegida</translation>
    </message>
    <message>
      <source>Use the selected polygons of a layer; each is a field with its own map</source>
      <translation>Usar los polígonos seleccionados de una capa; cada uno es una parcela con su propio mapa</translation>
    </message>
    <message>
      <source>Pick a field at a click, from public outlines of fields</source>
      <translation>Elegir una parcela con un clic, de contornos públicos de parcelas</translation>
    </message>
  </context>
  <context>
    <name>ConfigurationField</name>
    <message>
      <source>Configuration to start from</source>
      <translation>Configuración de partida</translation>
    </message>
    <message>
      <source>Start from a YAML file on this computer</source>
      <translation>Partir de un archivo YAML de este equipo</translation>
    </message>
    <message>
      <source>Choose a training configuration</source>
      <translation>Elegir una configuración de entrenamiento</translation>
    </message>
    <message>
      <source>Configurations (*.yaml *.yml)</source>
      <translation>Configuraciones (*.yaml *.yml)</translation>
    </message>
  </context>
  <context>
    <name>ConnectionWindow</name>
    <message>
      <source>DeepSoil: Connection Test of {0}</source>
      <translation>DeepSoil: prueba de conexión con {0}</translation>
    </message>
    <message>
      <source>Details of the test</source>
      <translation>Detalles de la prueba</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Detalles</translation>
    </message>
    <message>
      <source>Install the engine…</source>
      <translation>Instalar el motor…</translation>
    </message>
    <message>
      <source>Test again</source>
      <translation>Probar de nuevo</translation>
    </message>
    <message>
      <source>Copy details</source>
      <translation>Copiar detalles</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Testing …</source>
      <translation>Probando …</translation>
    </message>
    <message>
      <source>Jobs cannot be sent to {0} yet. Follow the advice at the failed step, then test again.</source>
      <translation>Todavía no se pueden enviar trabajos a {0}. Siga el consejo del paso con error y pruebe de nuevo.</translation>
    </message>
    <message>
      <source>Only this version of the engine is missing on {0}. Install it.</source>
      <translation>En {0} solo falta esta versión del motor. Instálela.</translation>
    </message>
    <message>
      <source>Jobs can be sent to {0}. Please read the warnings.</source>
      <translation>Se pueden enviar trabajos a {0}. Lea las advertencias.</translation>
    </message>
    <message>
      <source>All tests passed. Jobs can be sent to {0}.</source>
      <translation>Todas las pruebas son correctas. Se pueden enviar trabajos a {0}.</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>Cerrar</translation>
    </message>
  </context>
  <context>
    <name>Consents</name>
    <message>
      <source>Only with your consent</source>
      <translation>Solo con su consentimiento</translation>
    </message>
  </context>
  <context>
    <name>CurvesWindow</name>
    <message>
      <source>Training of {0}</source>
      <translation>Entrenamiento de {0}</translation>
    </message>
    <message>
      <source>Trainings</source>
      <translation>Entrenamientos</translation>
    </message>
    <message>
      <source>Training</source>
      <translation>Entrenamiento</translation>
    </message>
    <message>
      <source>Epoch</source>
      <translation>Época</translation>
    </message>
    <message>
      <source>Loss</source>
      <translation>Pérdida</translation>
    </message>
    <message>
      <source>Best MAE</source>
      <translation>Mejor MAE</translation>
    </message>
    <message>
      <source>Tick all</source>
      <translation>Marcar todos</translation>
    </message>
    <message>
      <source>Tick selected only</source>
      <translation>Marcar solo los seleccionados</translation>
    </message>
    <message>
      <source>m³/m³, after epoch {0}</source>
      <translation>m³/m³, tras la época {0}</translation>
    </message>
  </context>
  <context>
    <name>DataSection</name>
    <message>
      <source>Zoom to the region</source>
      <translation>Acercar a la región</translation>
    </message>
    <message>
      <source>Choose or add a region</source>
      <translation>Elegir o añadir una región</translation>
    </message>
    <message>
      <source>synthetic</source>
      <translation>sintético</translation>
    </message>
    <message>
      <source>no region covers this area</source>
      <translation>ninguna región cubre esta área</translation>
    </message>
    <message>
      <source>chosen once an area is set</source>
      <translation>se elige al indicar un área</translation>
    </message>
    <message>
      <source>no region added yet</source>
      <translation>aún no hay regiones</translation>
    </message>
    <message>
      <source>unknown until the host answers</source>
      <translation>desconocido hasta que el servidor responda</translation>
    </message>
    <message>
      <source>Automatic: the region that covers the area</source>
      <translation>Automático: la región que cubre el área</translation>
    </message>
    <message>
      <source>Show the stations of {0}</source>
      <translation>Mostrar las estaciones de {0}</translation>
    </message>
    <message>
      <source>Add a region folder on that host…</source>
      <translation>Añadir una carpeta de región en ese servidor…</translation>
    </message>
    <message>
      <source>Add a region folder…</source>
      <translation>Añadir una carpeta de región…</translation>
    </message>
    <message>
      <source>Refresh the list of regions</source>
      <translation>Actualizar la lista de regiones</translation>
    </message>
    <message>
      <source>Reading {0} …</source>
      <translation>Leyendo {0} …</translation>
    </message>
    <message>
      <source>The data of this field are being fetched.</source>
      <translation>Los datos de esta parcela se están descargando.</translation>
    </message>
    <message>
      <source>DeepSoil has no data for this field yet.</source>
      <translation>DeepSoil aún no tiene datos de esta parcela.</translation>
    </message>
    <message>
      <source>until {0}</source>
      <translation>hasta el {0}</translation>
    </message>
    <message>
      <source>Sources: {0}</source>
      <translation>Fuentes: {0}</translation>
    </message>
    <message>
      <source>Get data from public archives…</source>
      <translation>Obtener datos de archivos públicos…</translation>
    </message>
    <message>
      <source>Regions…</source>
      <translation>Regiones…</translation>
    </message>
    <message>
      <source>Region from your own files…</source>
      <translation>Región a partir de sus archivos…</translation>
    </message>
  </context>
  <context>
    <name>DatesSection</name>
    <message>
      <source>Day of the map</source>
      <translation>Día del mapa</translation>
    </message>
    <message>
      <source>to</source>
      <translation>hasta</translation>
    </message>
    <message>
      <source>One map for each day up to the last day</source>
      <translation>Un mapa por cada día hasta el último</translation>
    </message>
    <message>
      <source>Last day</source>
      <translation>Último día</translation>
    </message>
    <message>
      <source>Previous day</source>
      <translation>Día anterior</translation>
    </message>
    <message>
      <source>Next day</source>
      <translation>Día siguiente</translation>
    </message>
    <message>
      <source>Data available: {0}</source>
      <translation>Datos disponibles: {0}</translation>
    </message>
    <message numerus="yes">
      <source>%n day(s)</source>
      <translation>
        <numerusform>%n día</numerusform>
        <numerusform>%n días</numerusform>
      </translation>
    </message>
    <message>
      <source>“{0}” is not a date. Type it as {1}.</source>
      <translation>«{0}» no es una fecha. Escríbala así: {1}.</translation>
    </message>
    <message>
      <source>Use this day</source>
      <translation>Usar este día</translation>
    </message>
  </context>
  <context>
    <name>DayBar</name>
    <message>
      <source>Show the day before on the map</source>
      <translation>Mostrar en el mapa el día anterior</translation>
    </message>
    <message>
      <source>Show the next day on the map</source>
      <translation>Mostrar en el mapa el día siguiente</translation>
    </message>
    <message>
      <source>Day on the map</source>
      <translation>Día en el mapa</translation>
    </message>
    <message>
      <source>Day on the map: drag, or step with the arrow keys</source>
      <translation>Día en el mapa: arrastrar, o avanzar con las flechas del teclado</translation>
    </message>
    <message>
      <source>Export the days as pictures…</source>
      <translation>Exportar los días como imágenes…</translation>
    </message>
    <message>
      <source>Folder for the pictures of the days</source>
      <translation>Carpeta para las imágenes de los días</translation>
    </message>
    <message>
      <source>Soil moisture</source>
      <translation>Humedad del suelo</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>Detener</translation>
    </message>
  </context>
  <context>
    <name>DeepSoilDock</name>
    <message>
      <source>Restart the engine</source>
      <translation>Reiniciar el motor</translation>
    </message>
    <message numerus="yes">
      <source>Remove {0}? %n result(s) will be deleted on {1} and on this computer.</source>
      <translation>
        <numerusform>¿Eliminar {0}? Se borrará %n resultado en {1} y en este equipo.</numerusform>
        <numerusform>¿Eliminar {0}? Se borrarán %n resultados en {1} y en este equipo.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>Remove {0}? %n result(s) will be deleted from this computer.</source>
      <translation>
        <numerusform>¿Eliminar {0}? Se borrará %n resultado de este equipo.</numerusform>
        <numerusform>¿Eliminar {0}? Se borrarán %n resultados de este equipo.</numerusform>
      </translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Eliminar</translation>
    </message>
  </context>
  <context>
    <name>DeepSoilPlugin</name>
    <message>
      <source>Soil moisture maps of a field</source>
      <translation>Mapas de humedad del suelo de una parcela</translation>
    </message>
    <message>
      <source>Train a model…</source>
      <translation>Entrenar un modelo…</translation>
    </message>
    <message>
      <source>Models…</source>
      <translation>Modelos…</translation>
    </message>
    <message>
      <source>Help</source>
      <translation>Ayuda</translation>
    </message>
    <message>
      <source>Go to the panel</source>
      <translation>Ir al panel</translation>
    </message>
    <message>
      <source>First steps</source>
      <translation>Primeros pasos</translation>
    </message>
    <message>
      <source>Export maps…</source>
      <translation>Exportar mapas…</translation>
    </message>
  </context>
  <context>
    <name>DepthsSection</name>
    <message>
      <source>{0} cm</source>
      <translation>{0} cm</translation>
    </message>
    <message>
      <source>Model for {0} cm</source>
      <translation>Modelo para {0} cm</translation>
    </message>
    <message>
      <source>About this model: training data and accuracy</source>
      <translation>Sobre este modelo: datos de entrenamiento y exactitud</translation>
    </message>
    <message>
      <source>There is no description of this model.</source>
      <translation>No hay descripción de este modelo.</translation>
    </message>
  </context>
  <context>
    <name>DrawBox</name>
    <message>
      <source>Drag a box from corner to corner. Esc cancels.</source>
      <translation>Arrastre un recuadro de esquina a esquina. Esc cancela.</translation>
    </message>
    <message>
      <source>The box has no size. Drag it over the field.</source>
      <translation>El recuadro no tiene superficie. Arrástrelo sobre la parcela.</translation>
    </message>
  </context>
  <context>
    <name>DrawPolygon</name>
    <message>
      <source>Click the corners of the field. Finish with a double click, a right click or Enter. Backspace removes the last corner, Esc cancels.</source>
      <translation>Haga clic en los vértices de la parcela. Termine con doble clic, clic derecho o Intro. Retroceso quita el último vértice, Esc cancela.</translation>
    </message>
    <message>
      <source>A field needs at least three corners that are not in a straight line. Click one more.</source>
      <translation>Una parcela necesita al menos tres vértices que no estén en línea recta. Haga clic en uno más.</translation>
    </message>
    <message>
      <source>The outline crosses itself at the cross mark. Drag a corner, or remove corners with Backspace.</source>
      <translation>El contorno se cruza a sí mismo en la cruz. Arrastre un vértice o quite vértices con Retroceso.</translation>
    </message>
  </context>
  <context>
    <name>EngineClient</name>
    <message>
      <source>The DeepSoil engine was stopped.</source>
      <translation>El motor de DeepSoil se ha detenido.</translation>
    </message>
    <message>
      <source>Try again. The engine starts automatically.</source>
      <translation>Inténtelo de nuevo. El motor se inicia automáticamente.</translation>
    </message>
    <message>
      <source>The engine uses version {0} of the contract and the plugin version {1}. Reinstall the engine in DeepSoil's options.</source>
      <translation>El motor usa la versión {0} del contrato y el complemento la versión {1}. Reinstale el motor en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>The engine has version {0} and the plugin {1}. If something does not work, reinstall the engine in DeepSoil's options.</source>
      <translation>El motor tiene la versión {0} y el complemento la {1}. Si algo no funciona, reinstale el motor en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>The DeepSoil engine stopped unexpectedly.</source>
      <translation>El motor de DeepSoil se ha detenido inesperadamente.</translation>
    </message>
    <message>
      <source>The engine's program {0} could not be started. Reinstall the engine in DeepSoil's options.</source>
      <translation>No se ha podido iniciar el programa {0} del motor. Reinstale el motor en las opciones de DeepSoil.</translation>
    </message>
    <message numerus="yes">
      <source>It was started %n time(s).</source>
      <translation>
        <numerusform>Se ha iniciado %n vez.</numerusform>
        <numerusform>Se ha iniciado %n veces.</numerusform>
      </translation>
    </message>
    <message>
      <source>It is being restarted. Running jobs continue. Try again in a moment.</source>
      <translation>Se está reiniciando. Los trabajos en curso continúan. Inténtelo de nuevo en un momento.</translation>
    </message>
    <message>
      <source>The DeepSoil engine sent an invalid answer.</source>
      <translation>El motor de DeepSoil ha enviado una respuesta no válida.</translation>
    </message>
    <message>
      <source>The engine did not answer “{0}” within {1} s.</source>
      <translation>El motor no ha respondido a «{0}» en {1} s.</translation>
    </message>
    <message>
      <source>Try again. If this happens again, restart the engine in DeepSoil's options.</source>
      <translation>Inténtelo de nuevo. Si vuelve a ocurrir, reinicie el motor en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>The DeepSoil engine is not running.</source>
      <translation>El motor de DeepSoil no está en marcha.</translation>
    </message>
    <message>
      <source>Restart or reinstall it in DeepSoil's options.</source>
      <translation>Reinícielo o reinstálelo en las opciones de DeepSoil.</translation>
    </message>
  </context>
  <context>
    <name>ExportDialog</name>
    <message>
      <source>DeepSoil: Export Maps</source>
      <translation>DeepSoil: exportar mapas</translation>
    </message>
    <message>
      <source>Request</source>
      <translation>Solicitud</translation>
    </message>
    <message>
      <source>Fields</source>
      <translation>Parcelas</translation>
    </message>
    <message>
      <source>Days</source>
      <translation>Días</translation>
    </message>
    <message>
      <source>Maps of</source>
      <translation>Mapas de</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>Exportar</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>Exporting … QGIS shows how far it is, and can cancel it.</source>
      <translation>Exportando… QGIS muestra el progreso y permite cancelar.</translation>
    </message>
    <message>
      <source>There are no maps yet. Make some in the DeepSoil panel first.</source>
      <translation>Todavía no hay mapas. Cree primero alguno en el panel de DeepSoil.</translation>
    </message>
    <message>
      <source>Tick at least one field, one day and one map.</source>
      <translation>Marque al menos una parcela, un día y un mapa.</translation>
    </message>
    <message>
      <source>Choose the folder for the files.</source>
      <translation>Elija la carpeta para los archivos.</translation>
    </message>
    <message numerus="yes">
      <source>%n map(s)</source>
      <translation>
        <numerusform>%n mapa</numerusform>
        <numerusform>%n mapas</numerusform>
      </translation>
    </message>
    <message>
      <source>Choose what to write: maps, a table, outlines or a report.</source>
      <translation>Elija qué escribir: mapas, una tabla, contornos o un informe.</translation>
    </message>
  </context>
  <context>
    <name>ExtraRow</name>
    <message>
      <source>Install what is missing</source>
      <translation>Instalar lo que falta</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Stopped. What was downloaded is kept; the next attempt continues from there.</source>
      <translation>Detenido. Lo descargado se conserva; el próximo intento continúa desde ahí.</translation>
    </message>
    <message>
      <source>This job needs packages of the engine that are not installed on this computer. They can be large: those for training take several hundred megabytes or more.</source>
      <translation>Este trabajo necesita paquetes del motor que no están instalados en este equipo. Pueden ser grandes: los de entrenamiento ocupan varios cientos de megabytes o más.</translation>
    </message>
  </context>
  <context>
    <name>FilesTable</name>
    <message>
      <source>Files of the folder</source>
      <translation>Archivos de la carpeta</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Archivo</translation>
    </message>
    <message>
      <source>What it is</source>
      <translation>Qué es</translation>
    </message>
    <message>
      <source>Unit</source>
      <translation>Unidad</translation>
    </message>
    <message>
      <source>Values</source>
      <translation>Valores</translation>
    </message>
    <message>
      <source>Days</source>
      <translation>Días</translation>
    </message>
    <message>
      <source>Still to be said</source>
      <translation>Por indicar</translation>
    </message>
    <message>
      <source>Stations (ISMN)</source>
      <translation>Estaciones (ISMN)</translation>
    </message>
    <message>
      <source>Not used</source>
      <translation>Sin usar</translation>
    </message>
  </context>
  <context>
    <name>FirstSteps</name>
    <message>
      <source>Close the first steps</source>
      <translation>Cerrar los primeros pasos</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>Atrás</translation>
    </message>
    <message>
      <source>Step {0} of {1}: {2}</source>
      <translation>Paso {0} de {1}: {2}</translation>
    </message>
    <message>
      <source>Finish</source>
      <translation>Terminar</translation>
    </message>
    <message>
      <source>Next</source>
      <translation>Siguiente</translation>
    </message>
  </context>
  <context>
    <name>GatherDialog</name>
    <message>
      <source>DeepSoil: Get Data</source>
      <translation>DeepSoil: obtener datos</translation>
    </message>
    <message>
      <source>First day for which maps can be made</source>
      <translation>Primer día del que se pueden hacer mapas</translation>
    </message>
    <message>
      <source>Last day for which maps can be made</source>
      <translation>Último día del que se pueden hacer mapas</translation>
    </message>
    <message>
      <source>to</source>
      <translation>a</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>Days</source>
      <translation>Días</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>Make the maps when the data are there</source>
      <translation>Hacer los mapas cuando lleguen los datos</translation>
    </message>
    <message>
      <source>Get data</source>
      <translation>Obtener datos</translation>
    </message>
    <message>
      <source>The last day is before the first day.</source>
      <translation>El último día es anterior al primero.</translation>
    </message>
    <message>
      <source>The region will be without:</source>
      <translation>La región no tendrá:</translation>
    </message>
    <message>
      <source>The engine needs a few more packages for this. They are installed first, without leaving QGIS.</source>
      <translation>El motor necesita algunos paquetes más para esto. Se instalan primero, sin salir de QGIS.</translation>
    </message>
    <message>
      <source>The engine is starting …</source>
      <translation>El motor se está iniciando …</translation>
    </message>
    <message>
      <source>Installing what is missing; the data are fetched then.</source>
      <translation>Instalando lo que falta; después se descargan los datos.</translation>
    </message>
    <message>
      <source>Sending …</source>
      <translation>Enviando …</translation>
    </message>
    <message>
      <source>Checking …</source>
      <translation>Comprobando …</translation>
    </message>
    <message>
      <source>No archive is left to ask. Switch one on.</source>
      <translation>No queda ningún archivo que consultar. Active alguno.</translation>
    </message>
    <message>
      <source>Fetch the data; follow it in the list of jobs</source>
      <translation>Descargar los datos; sígalo en la lista de trabajos</translation>
    </message>
    <message>
      <source>Offline: only what was fetched before is used.</source>
      <translation>Sin conexión: solo se usa lo que ya se descargó.</translation>
    </message>
    <message>
      <source>Data from public archives</source>
      <translation>Datos de archivos públicos</translation>
    </message>
    <message>
      <source>Looking for what there is …</source>
      <translation>Buscando qué datos hay …</translation>
    </message>
  </context>
  <context>
    <name>Guide</name>
    <message>
      <source>Show where your field is</source>
      <translation>Indique dónde está su parcela</translation>
    </message>
    <message>
      <source>Zoom the map to your field and press “Draw”: click its corners, and the last one twice. Selected polygons of a layer do as well. To look around first: “Try the sample field”, below in the line Data.</source>
      <translation>Acerque el mapa a su parcela y pulse «Dibujar»: haga clic en sus esquinas, y dos veces en la última. También sirven polígonos seleccionados de una capa. Para mirar primero: «Probar la parcela de ejemplo», abajo en la línea Datos.</translation>
    </message>
    <message>
      <source>Get its data</source>
      <translation>Obtenga sus datos</translation>
    </message>
    <message>
      <source>The line Data says whether there is data for your field. “Get it…” shows what would be fetched, from where and how large; nothing is fetched before you agree.</source>
      <translation>La línea Datos dice si hay datos de su parcela. «Obtener…» muestra qué se descargaría, de dónde y cuánto; no se descarga nada antes de que usted lo acepte.</translation>
    </message>
    <message>
      <source>Choose the day and the depths</source>
      <translation>Elija el día y las profundidades</translation>
    </message>
    <message>
      <source>Make the map</source>
      <translation>Haga el mapa</translation>
    </message>
    <message>
      <source>“Map it” starts the work. Beside “On” stands how long it takes; to the left of the button what is still missing.</source>
      <translation>«Hacer mapa» inicia el trabajo. Junto a «En» se indica cuánto tarda; a la izquierda del botón, lo que aún falta.</translation>
    </message>
    <message>
      <source>Read the map</source>
      <translation>Lea el mapa</translation>
    </message>
    <message>
      <source>The job stands in this list, and its maps among QGIS's layers, with one legend for all: brown is dry, blue-green is wet. DeepSoil's menu has the panels that compare a map with measurements.</source>
      <translation>El trabajo está en esta lista y sus mapas entre las capas de QGIS, con una sola leyenda: marrón es seco, azul verdoso es húmedo. El menú de DeepSoil tiene los paneles que comparan un mapa con mediciones.</translation>
    </message>
    <message>
      <source>The upper depth is the topsoil, the lower one the root zone. Tick “to” for several days. If you irrigate, say so in the line Water: the map cannot know it otherwise.</source>
      <translation>La profundidad de arriba es la capa superficial, la de abajo la zona de raíces. Marque «hasta» para varios días. Si riega, indíquelo en la línea Agua: el mapa no puede saberlo de otro modo.</translation>
    </message>
  </context>
  <context>
    <name>HelpWindow</name>
    <message>
      <source>DeepSoil Help</source>
      <translation>Ayuda de DeepSoil</translation>
    </message>
  </context>
  <context>
    <name>HostDialog</name>
    <message>
      <source>DeepSoil: Add Host</source>
      <translation>DeepSoil: añadir servidor</translation>
    </message>
    <message>
      <source>DeepSoil: {0}</source>
      <translation>DeepSoil: {0}</translation>
    </message>
    <message>
      <source>Test connection</source>
      <translation>Probar conexión</translation>
    </message>
    <message>
      <source>Saving …</source>
      <translation>Guardando …</translation>
    </message>
    <message>
      <source>This computer</source>
      <translation>Este equipo</translation>
    </message>
  </context>
  <context>
    <name>HostField</name>
    <message>
      <source>Host to run on</source>
      <translation>Servidor en el que se ejecuta</translation>
    </message>
    <message>
      <source>The engine has stopped.</source>
      <translation>El motor se ha detenido.</translation>
    </message>
    <message>
      <source>The engine is starting …</source>
      <translation>El motor se está iniciando …</translation>
    </message>
    <message>
      <source>Manage hosts…</source>
      <translation>Administrar servidores…</translation>
    </message>
  </context>
  <context>
    <name>HostInstaller</name>
    <message>
      <source>Starting …</source>
      <translation>Iniciando …</translation>
    </message>
    <message>
      <source>Cancelling …</source>
      <translation>Cancelando …</translation>
    </message>
    <message>
      <source>The engine is installed (version {0}).</source>
      <translation>El motor está instalado (versión {0}).</translation>
    </message>
    <message>
      <source>Cancelled. The files already downloaded on the host are kept for the next attempt.</source>
      <translation>Cancelado. Los archivos ya descargados en el servidor se conservan para el próximo intento.</translation>
    </message>
    <message>
      <source>The installation failed.</source>
      <translation>La instalación ha fallado.</translation>
    </message>
  </context>
  <context>
    <name>HostsGroup</name>
    <message>
      <source>Hosts where jobs run</source>
      <translation>Servidores donde se ejecutan trabajos</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>Address</source>
      <translation>Dirección</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Add…</source>
      <translation>Añadir…</translation>
    </message>
    <message>
      <source>Edit…</source>
      <translation>Editar…</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Eliminar</translation>
    </message>
    <message>
      <source>Test connection</source>
      <translation>Probar conexión</translation>
    </message>
    <message>
      <source>Install engine…</source>
      <translation>Instalar motor…</translation>
    </message>
    <message>
      <source>Connect</source>
      <translation>Conectar</translation>
    </message>
    <message>
      <source>Try to connect now</source>
      <translation>Intentar conectar ahora</translation>
    </message>
    <message>
      <source>installing the engine: {0} %</source>
      <translation>instalando el motor: {0} %</translation>
    </message>
    <message>
      <source>This computer cannot be edited or removed</source>
      <translation>Este equipo no se puede editar ni eliminar</translation>
    </message>
    <message>
      <source>Start the engine on this computer first</source>
      <translation>Inicie primero el motor de este equipo</translation>
    </message>
    <message>
      <source>Add a cluster or another computer that you reach over SSH</source>
      <translation>Añadir un clúster u otro equipo al que se llega por SSH</translation>
    </message>
    <message>
      <source>Remove {0}?</source>
      <translation>¿Eliminar {0}?</translation>
    </message>
    <message>
      <source>Jobs on this host continue but are no longer listed here. Nothing is deleted on the host. Downloaded results are kept. QGIS forgets the saved password.</source>
      <translation>Los trabajos de este servidor continúan, pero ya no se muestran aquí. No se borra nada en el servidor. Los resultados descargados se conservan. QGIS olvida la contraseña guardada.</translation>
    </message>
  </context>
  <context>
    <name>HostsModel</name>
    <message>
      <source>This computer</source>
      <translation>Este equipo</translation>
    </message>
    <message>
      <source>removed</source>
      <translation>eliminado</translation>
    </message>
  </context>
  <context>
    <name>InstallWindow</name>
    <message>
      <source>DeepSoil: Install the Engine on {0}</source>
      <translation>DeepSoil: instalar el motor en {0}</translation>
    </message>
    <message>
      <source>Engine on {0}</source>
      <translation>Motor en {0}</translation>
    </message>
    <message>
      <source>Version {0} of DeepSoil's engine will be installed in its own Python environment in {1}/engine on {2}. Administrator rights are not needed. Existing jobs, models and maps are kept. You can keep working in QGIS, and close this window.</source>
      <translation>La versión {0} del motor de DeepSoil se instalará en su propio entorno de Python en {1}/engine en {2}. No se necesitan derechos de administrador. Los trabajos, modelos y mapas existentes se conservan. Puede seguir trabajando en QGIS y cerrar esta ventana.</translation>
    </message>
    <message>
      <source>Progress of the installation</source>
      <translation>Progreso de la instalación</translation>
    </message>
    <message>
      <source>Details of the installation</source>
      <translation>Detalles de la instalación</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Detalles</translation>
    </message>
    <message>
      <source>Cancel the installation</source>
      <translation>Cancelar la instalación</translation>
    </message>
    <message>
      <source>Install</source>
      <translation>Instalar</translation>
    </message>
    <message>
      <source>Copy details</source>
      <translation>Copiar detalles</translation>
    </message>
    <message>
      <source>Try again</source>
      <translation>Intentar de nuevo</translation>
    </message>
  </context>
  <context>
    <name>Installer</name>
    <message>
      <source>No Python was found on this computer.</source>
      <translation>No se ha encontrado Python en este equipo.</translation>
    </message>
    <message>
      <source>Install Python 3.12, then try again.</source>
      <translation>Instale Python 3.12 e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>The installation stopped unexpectedly.</source>
      <translation>La instalación se ha detenido inesperadamente.</translation>
    </message>
    <message>
      <source>Try again. Files already downloaded are not downloaded again.</source>
      <translation>Inténtelo de nuevo. Los archivos ya descargados no se descargan otra vez.</translation>
    </message>
  </context>
  <context>
    <name>IrrigationTable</name>
    <message>
      <source>Irrigation log: a date and its water in each row</source>
      <translation>Registro de riego: una fecha y su agua en cada fila</translation>
    </message>
    <message>
      <source>Date</source>
      <translation>Fecha</translation>
    </message>
    <message>
      <source>Water ({0})</source>
      <translation>Agua ({0})</translation>
    </message>
  </context>
  <context>
    <name>JobList</name>
    <message>
      <source>Maps and jobs</source>
      <translation>Mapas y trabajos</translation>
    </message>
    <message>
      <source>Show on map</source>
      <translation>Mostrar en el mapa</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Training curves</source>
      <translation>Curvas de entrenamiento</translation>
    </message>
    <message>
      <source>Log</source>
      <translation>Registro</translation>
    </message>
    <message>
      <source>Details</source>
      <translation>Detalles</translation>
    </message>
    <message>
      <source>Remove…</source>
      <translation>Eliminar…</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>Exportar…</translation>
    </message>
    <message>
      <source>Table of fields</source>
      <translation>Tabla de parcelas</translation>
    </message>
  </context>
  <context>
    <name>JobListHeader</name>
    <message>
      <source>Search</source>
      <translation>Buscar</translation>
    </message>
    <message>
      <source>Search the list of jobs</source>
      <translation>Buscar en la lista de trabajos</translation>
    </message>
    <message>
      <source>Search by name, date, host or state</source>
      <translation>Buscar por nombre, fecha, servidor o estado</translation>
    </message>
    <message>
      <source>Maps and jobs</source>
      <translation>Mapas y trabajos</translation>
    </message>
    <message>
      <source>All</source>
      <translation>Todos</translation>
    </message>
    <message>
      <source>Show all jobs</source>
      <translation>Mostrar todos los trabajos</translation>
    </message>
    <message>
      <source>Show only running and waiting jobs</source>
      <translation>Mostrar solo los trabajos en ejecución o en espera</translation>
    </message>
    <message>
      <source>Show only failed jobs</source>
      <translation>Mostrar solo los trabajos con error</translation>
    </message>
    <message>
      <source>Newest first</source>
      <translation>Más recientes primero</translation>
    </message>
    <message>
      <source>By state</source>
      <translation>Por estado</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>Por nombre</translation>
    </message>
    <message>
      <source>By host</source>
      <translation>Por servidor</translation>
    </message>
    <message>
      <source>Sort the list</source>
      <translation>Ordenar la lista</translation>
    </message>
  </context>
  <context>
    <name>LogWindow</name>
    <message>
      <source>Log of {0}</source>
      <translation>Registro de {0}</translation>
    </message>
  </context>
  <context>
    <name>LookBar</name>
    <message>
      <source>What the maps show</source>
      <translation>Qué muestran los mapas</translation>
    </message>
    <message>
      <source>What the maps of the chosen job show</source>
      <translation>Qué muestran los mapas del trabajo elegido</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>Mostrar</translation>
    </message>
  </context>
  <context>
    <name>MethodSection</name>
    <message>
      <source>How the map is made</source>
      <translation>Cómo se hace el mapa</translation>
    </message>
    <message>
      <source>Maps of soil moisture, and of:</source>
      <translation>Mapas de humedad del suelo y de:</translation>
    </message>
  </context>
  <context>
    <name>ModelsWindow</name>
    <message>
      <source>DeepSoil: Models</source>
      <translation>DeepSoil: modelos</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>Modelos</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>Modelo</translation>
    </message>
    <message>
      <source>Depth</source>
      <translation>Profundidad</translation>
    </message>
    <message>
      <source>Version</source>
      <translation>Versión</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Dónde</translation>
    </message>
    <message>
      <source>Accuracy</source>
      <translation>Exactitud</translation>
    </message>
    <message>
      <source>Model description</source>
      <translation>Descripción del modelo</translation>
    </message>
    <message>
      <source>Download to this computer</source>
      <translation>Descargar a este equipo</translation>
    </message>
    <message>
      <source>Refresh</source>
      <translation>Actualizar</translation>
    </message>
    <message>
      <source>{0} · default</source>
      <translation>{0} · predeterminado</translation>
    </message>
    <message>
      <source>There is no description of this model.</source>
      <translation>No hay descripción de este modelo.</translation>
    </message>
    <message>
      <source>Already on this computer</source>
      <translation>Ya está en este equipo</translation>
    </message>
    <message>
      <source>Downloading</source>
      <translation>Descargando</translation>
    </message>
    <message>
      <source>{0} has been downloaded. You can now choose it for a map.</source>
      <translation>{0} se ha descargado. Ya puede elegirlo para un mapa.</translation>
    </message>
    <message>
      <source>How much has been downloaded</source>
      <translation>Cuánto se ha descargado</translation>
    </message>
    <message>
      <source>Cancel the download</source>
      <translation>Cancelar la descarga</translation>
    </message>
    <message>
      <source>Mean absolute error in m³/m³; smaller is better</source>
      <translation>Error absoluto medio en m³/m³; cuanto menor, mejor</translation>
    </message>
    <message>
      <source>Use as default…</source>
      <translation>Usar por defecto…</translation>
    </message>
    <message>
      <source>Use as default</source>
      <translation>Usar por defecto</translation>
    </message>
    <message>
      <source>Maps at {0} cm are made with {1} from now on.</source>
      <translation>A partir de ahora, los mapas a {0} cm se hacen con {1}.</translation>
    </message>
  </context>
  <context>
    <name>Offer</name>
    <message>
      <source>Get it…</source>
      <translation>Obtener…</translation>
    </message>
    <message>
      <source>See what would be fetched, from where and under which licence. Nothing is fetched yet</source>
      <translation>Ver qué se descargaría, de dónde y con qué licencia. Todavía no se descarga nada</translation>
    </message>
    <message>
      <source>Update</source>
      <translation>Actualizar</translation>
    </message>
    <message>
      <source>Fetch the days that are new or were revised</source>
      <translation>Descargar los días nuevos o revisados</translation>
    </message>
    <message>
      <source>Try the sample field</source>
      <translation>Probar la parcela de ejemplo</translation>
    </message>
    <message>
      <source>Builds a synthetic region on this computer, which takes a few minutes. It is not a real place</source>
      <translation>Crea una región sintética en este equipo, lo que tarda unos minutos. No es un lugar real</translation>
    </message>
    <message>
      <source>Get data for my field</source>
      <translation>Obtener datos de mi parcela</translation>
    </message>
    <message>
      <source>Draw your field; then its data can be fetched from public archives</source>
      <translation>Dibuje su parcela; después se pueden descargar sus datos de archivos públicos</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Looking for what there is …</source>
      <translation>Buscando qué datos hay …</translation>
    </message>
    <message>
      <source>Nothing newer is published yet.</source>
      <translation>Todavía no se ha publicado nada más reciente.</translation>
    </message>
  </context>
  <context>
    <name>OptionsPage</name>
    <message>
      <source>Restart</source>
      <translation>Reiniciar</translation>
    </message>
    <message>
      <source>Reinstall</source>
      <translation>Reinstalar</translation>
    </message>
    <message>
      <source>Copy report</source>
      <translation>Copiar informe</translation>
    </message>
    <message>
      <source>Restart the engine. Running jobs continue</source>
      <translation>Reiniciar el motor. Los trabajos en curso continúan</translation>
    </message>
    <message>
      <source>Reinstall the engine's Python environment. Jobs and maps are kept</source>
      <translation>Reinstalar el entorno de Python del motor. Los trabajos y mapas se conservan</translation>
    </message>
    <message>
      <source>Copy versions and the engine's latest messages, to ask a question or report a problem</source>
      <translation>Copiar las versiones y los últimos mensajes del motor, para hacer una pregunta o informar de un problema</translation>
    </message>
    <message>
      <source>Set by the environment variable DEEPSOIL_HOME. It cannot be changed here</source>
      <translation>Definida por la variable de entorno DEEPSOIL_HOME. Aquí no se puede cambiar</translation>
    </message>
    <message>
      <source>automatic</source>
      <translation>automático</translation>
    </message>
    <message>
      <source>Each job needs up to about 1 GB of memory</source>
      <translation>Cada trabajo necesita hasta 1 GB de memoria aproximadamente</translation>
    </message>
    <message>
      <source>Engine on this computer</source>
      <translation>Motor de este equipo</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>Estado</translation>
    </message>
    <message>
      <source>Folder for jobs, models and the engine</source>
      <translation>Carpeta para trabajos, modelos y motor</translation>
    </message>
    <message>
      <source>Threads per job</source>
      <translation>Hilos por trabajo</translation>
    </message>
    <message>
      <source>Jobs at the same time</source>
      <translation>Trabajos simultáneos</translation>
    </message>
    <message>
      <source>DeepSoil Help</source>
      <translation>Ayuda de DeepSoil</translation>
    </message>
    <message>
      <source>version {0}</source>
      <translation>versión {0}</translation>
    </message>
    <message>
      <source>Layout templates (*.qpt)</source>
      <translation>Plantillas de composición (*.qpt)</translation>
    </message>
    <message>
      <source>the one that comes with DeepSoil</source>
      <translation>la que viene con DeepSoil</translation>
    </message>
    <message>
      <source>A layout of QGIS for the PDF reports. To make your own, open {0} in QGIS's layout manager, change it, and save it as a template</source>
      <translation>Una composición de QGIS para los informes PDF. Para hacer la suya, abra {0} en el administrador de composiciones de QGIS, cámbiela y guárdela como plantilla</translation>
    </message>
    <message>
      <source>Template of reports</source>
      <translation>Plantilla de los informes</translation>
    </message>
  </context>
  <context>
    <name>OutlinePicker</name>
    <message>
      <source>Click into the field. Its outline is fetched from a public data set (USDA).</source>
      <translation>Haga clic en la parcela. Su contorno se obtiene de un conjunto de datos público (USDA).</translation>
    </message>
    <message>
      <source>Looking for the field …</source>
      <translation>Buscando la parcela …</translation>
    </message>
    <message>
      <source>No outline of a field is known here. Draw it instead.</source>
      <translation>Aquí no se conoce el contorno de ninguna parcela. Dibújela.</translation>
    </message>
  </context>
  <context>
    <name>PreviewSection</name>
    <message>
      <source>On the map at once</source>
      <translation>En el mapa al instante</translation>
    </message>
    <message>
      <source>Shows each day on the map as soon as it is chosen. Nothing is kept: “Map it” makes the map</source>
      <translation>Muestra cada día en el mapa en cuanto se elige. No se guarda nada: «Hacer mapa» hace el mapa</translation>
    </message>
    <message>
      <source>Day of the map</source>
      <translation>Día del mapa</translation>
    </message>
    <message>
      <source>The region has no soil moisture here on {0}.</source>
      <translation>La región no tiene humedad del suelo aquí el {0}.</translation>
    </message>
    <message>
      <source>{0} to {1}; one day with the arrow keys, a week with Page Up and Page Down</source>
      <translation>{0} a {1}; un día con las flechas, una semana con Re Pág y Av Pág</translation>
    </message>
    <message>
      <source>{0} cm</source>
      <translation>{0} cm</translation>
    </message>
    <message>
      <source>{0} cm in its place on the map, the other depth beside</source>
      <translation>{0} cm en su lugar del mapa, la otra profundidad al lado</translation>
    </message>
    <message>
      <source>Without the probes' readings; the map will use them.</source>
      <translation>Sin las lecturas de las sondas; el mapa las usará.</translation>
    </message>
    <message>
      <source>A simulated field has no preview: a day of it takes seconds. Choose networks under How, or map it.</source>
      <translation>Una parcela simulada no tiene vista previa: un día tarda segundos. Elija redes en Cómo, o haga el mapa.</translation>
    </message>
  </context>
  <context>
    <name>ProbeDialog</name>
    <message>
      <source>DeepSoil: Readings of {0}</source>
      <translation>DeepSoil: Lecturas de {0}</translation>
    </message>
    <message>
      <source>What separates the columns</source>
      <translation>Qué separa las columnas</translation>
    </message>
    <message>
      <source>comma</source>
      <translation>coma</translation>
    </message>
    <message>
      <source>semicolon</source>
      <translation>punto y coma</translation>
    </message>
    <message>
      <source>tabulator</source>
      <translation>tabulador</translation>
    </message>
    <message>
      <source>Decimal sign of the numbers</source>
      <translation>Signo decimal de los números</translation>
    </message>
    <message>
      <source>point (0.22)</source>
      <translation>punto (0.22)</translation>
    </message>
    <message>
      <source>comma (0,22)</source>
      <translation>coma (0,22)</translation>
    </message>
    <message>
      <source>choose</source>
      <translation>elegir</translation>
    </message>
    <message>
      <source>How dates are written</source>
      <translation>Cómo se escriben las fechas</translation>
    </message>
    <message>
      <source>year, month, day</source>
      <translation>año, mes, día</translation>
    </message>
    <message>
      <source>day, month, year</source>
      <translation>día, mes, año</translation>
    </message>
    <message>
      <source>month, day, year</source>
      <translation>mes, día, año</translation>
    </message>
    <message>
      <source>Unit of the water content</source>
      <translation>Unidad del contenido de agua</translation>
    </message>
    <message>
      <source>m³/m³ (such as 0.22)</source>
      <translation>m³/m³ (como 0.22)</translation>
    </message>
    <message>
      <source>per cent (such as 22)</source>
      <translation>por ciento (como 22)</translation>
    </message>
    <message>
      <source>Clock of the times</source>
      <translation>Reloj de las horas</translation>
    </message>
    <message>
      <source>Most loggers stay on standard time all year: UTC−06:00 in Kansas, UTC+01:00 in Germany.</source>
      <translation>La mayoría de los registradores de datos mantienen la hora estándar (sin horario de verano) todo el año: UTC−06:00 en Kansas, UTC+01:00 en Alemania.</translation>
    </message>
    <message>
      <source>Name of the sensor</source>
      <translation>Nombre del sensor</translation>
    </message>
    <message>
      <source>Longitude in degrees</source>
      <translation>Longitud en grados</translation>
    </message>
    <message>
      <source>Latitude in degrees</source>
      <translation>Latitud en grados</translation>
    </message>
    <message>
      <source>Pick the probe's place on the map</source>
      <translation>Elegir en el mapa el lugar de la sonda</translation>
    </message>
    <message>
      <source>On the map</source>
      <translation>En el mapa</translation>
    </message>
    <message>
      <source>Rows that would not be read, and why</source>
      <translation>Filas que no se leerían, y por qué</translation>
    </message>
    <message>
      <source>Use these readings</source>
      <translation>Usar estas lecturas</translation>
    </message>
    <message>
      <source>Separator</source>
      <translation>Separador</translation>
    </message>
    <message>
      <source>Decimal sign</source>
      <translation>Signo decimal</translation>
    </message>
    <message>
      <source>Unit</source>
      <translation>Unidad</translation>
    </message>
    <message>
      <source>Dates</source>
      <translation>Fechas</translation>
    </message>
    <message>
      <source>Clock</source>
      <translation>Reloj</translation>
    </message>
    <message>
      <source>Sensor</source>
      <translation>Sensor</translation>
    </message>
    <message>
      <source>longitude</source>
      <translation>longitud</translation>
    </message>
    <message>
      <source>latitude</source>
      <translation>latitud</translation>
    </message>
    <message>
      <source>Place</source>
      <translation>Lugar</translation>
    </message>
    <message>
      <source>There is no reading to use.</source>
      <translation>No hay ninguna lectura que usar.</translation>
    </message>
    <message>
      <source>Reading the file …</source>
      <translation>Leyendo el archivo …</translation>
    </message>
  </context>
  <context>
    <name>ProbeGrid</name>
    <message>
      <source>The first rows of the file, under what each column is</source>
      <translation>Las primeras filas del archivo, bajo lo que es cada columna</translation>
    </message>
    <message>
      <source>is</source>
      <translation>es</translation>
    </message>
    <message>
      <source>depth (cm)</source>
      <translation>profundidad (cm)</translation>
    </message>
    <message>
      <source>What the column {0} is</source>
      <translation>Qué es la columna {0}</translation>
    </message>
    <message>
      <source>Depth in cm of the water contents in the column {0}</source>
      <translation>Profundidad en cm de los contenidos de agua de la columna {0}</translation>
    </message>
    <message>
      <source>by column</source>
      <translation>por columna</translation>
    </message>
    <message>
      <source>depth</source>
      <translation>profundidad</translation>
    </message>
  </context>
  <context>
    <name>QuestionDesk</name>
    <message>
      <source>The saved password was not accepted. Type it again.</source>
      <translation>La contraseña guardada no se ha aceptado. Escríbala de nuevo.</translation>
    </message>
    <message>
      <source>The password was not saved: QGIS's authentication store is locked.</source>
      <translation>La contraseña no se ha guardado: el almacén de autenticación de QGIS está bloqueado.</translation>
    </message>
  </context>
  <context>
    <name>QuestionDialog</name>
    <message>
      <source>Save it, encrypted, in QGIS's authentication store</source>
      <translation>Guardarla, cifrada, en el almacén de autenticación de QGIS</translation>
    </message>
    <message>
      <source>Fingerprint of the host key</source>
      <translation>Huella de la clave del servidor</translation>
    </message>
    <message>
      <source>Compare it with the fingerprint from your administrator or the cluster's web page.</source>
      <translation>Compárela con la huella que le da su administrador o que publica la página web del clúster.</translation>
    </message>
    <message>
      <source>You are asked only once. If the host shows a different key later, it is refused.</source>
      <translation>Solo se pregunta una vez. Si el servidor muestra después otra clave, se rechaza.</translation>
    </message>
    <message>
      <source>Answer</source>
      <translation>Respuesta</translation>
    </message>
    <message>
      <source>It matches: trust this host</source>
      <translation>Coincide: confiar en este servidor</translation>
    </message>
    <message>
      <source>OK</source>
      <translation>Aceptar</translation>
    </message>
    <message>
      <source>Do not connect</source>
      <translation>No conectar</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>{0} s left to answer.</source>
      <translation>Quedan {0} s para responder.</translation>
    </message>
  </context>
  <context>
    <name>RareFields</name>
    <message>
      <source>Advanced</source>
      <translation>Avanzado</translation>
    </message>
    <message>
      <source>from the SSH configuration, or 22</source>
      <translation>de la configuración de SSH, o 22</translation>
    </message>
    <message>
      <source>For the engine, jobs and models on the host. Choose a file system with enough space</source>
      <translation>Para el motor, los trabajos y los modelos en el servidor. Elija un sistema de archivos con espacio suficiente</translation>
    </message>
    <message>
      <source>found automatically (3.11 or later)</source>
      <translation>se busca automáticamente (3.11 o posterior)</translation>
    </message>
    <message>
      <source>the cluster's default</source>
      <translation>el predeterminado del clúster</translation>
    </message>
    <message>
      <source>One per GPU of the task</source>
      <translation>Uno por cada GPU de la tarea</translation>
    </message>
    <message>
      <source>How often to try a task again after a failure of the machine</source>
      <translation>Cuántas veces se repite una tarea tras un fallo de la máquina</translation>
    </message>
    <message>
      <source>Port</source>
      <translation>Puerto</translation>
    </message>
    <message>
      <source>Folder on the host</source>
      <translation>Carpeta en el servidor</translation>
    </message>
    <message>
      <source>Python on the host</source>
      <translation>Python en el servidor</translation>
    </message>
    <message>
      <source>QOS</source>
      <translation>QOS</translation>
    </message>
    <message>
      <source>Processes per training</source>
      <translation>Procesos por entrenamiento</translation>
    </message>
    <message>
      <source>Attempts per task</source>
      <translation>Intentos por tarea</translation>
    </message>
  </context>
  <context>
    <name>ReadingsSection</name>
    <message>
      <source>Stations</source>
      <translation>Estaciones</translation>
    </message>
    <message>
      <source>Type a single reading: click its place on the map</source>
      <translation>Escribir una sola lectura: haga clic en su lugar en el mapa</translation>
    </message>
    <message>
      <source>Point</source>
      <translation>Punto</translation>
    </message>
    <message>
      <source>Show, change and remove readings</source>
      <translation>Mostrar, cambiar y eliminar lecturas</translation>
    </message>
    <message>
      <source>List</source>
      <translation>Lista</translation>
    </message>
    <message numerus="yes">
      <source>Let the maps rest on the readings of the region's %n station(s)</source>
      <translation>
        <numerusform>Apoyar los mapas en las lecturas de la %n estación de la región</numerusform>
        <numerusform>Apoyar los mapas en las lecturas de las %n estaciones de la región</numerusform>
      </translation>
    </message>
    <message>
      <source>The region of this area has no stations</source>
      <translation>La región de esta área no tiene estaciones</translation>
    </message>
    <message>
      <source>Open readings of own probes</source>
      <translation>Abrir lecturas de sondas propias</translation>
    </message>
    <message>
      <source>Click the place of the reading on the map. Esc cancels.</source>
      <translation>Haga clic en el lugar de la lectura en el mapa. Esc cancela.</translation>
    </message>
    <message>
      <source>Open readings of own probes: a CSV file, or an archive of the International Soil Moisture Network (zip, or a sensor's file in its folder)</source>
      <translation>Abrir lecturas de sondas propias: un archivo CSV, o un archivo de la Red Internacional de Humedad del Suelo (zip, o el archivo de un sensor en su carpeta)</translation>
    </message>
    <message>
      <source>File</source>
      <translation>Archivo</translation>
    </message>
    <message>
      <source>Tables and ISMN archives (*.csv *.txt *.tsv *.zip *.stm)</source>
      <translation>Tablas y archivos de ISMN (*.csv *.txt *.tsv *.zip *.stm)</translation>
    </message>
  </context>
  <context>
    <name>ReadingsWindow</name>
    <message>
      <source>DeepSoil: Readings of this request</source>
      <translation>DeepSoil: Lecturas de esta petición</translation>
    </message>
    <message>
      <source>Readings: files, which are used if ticked, and single values</source>
      <translation>Lecturas: archivos, que se usan si están marcados, y valores sueltos</translation>
    </message>
    <message>
      <source>Readings</source>
      <translation>Lecturas</translation>
    </message>
    <message>
      <source>Depth</source>
      <translation>Profundidad</translation>
    </message>
    <message>
      <source>Day</source>
      <translation>Día</translation>
    </message>
    <message>
      <source>Place</source>
      <translation>Lugar</translation>
    </message>
    <message>
      <source>Change the selected value</source>
      <translation>Cambiar el valor seleccionado</translation>
    </message>
    <message>
      <source>Change</source>
      <translation>Cambiar</translation>
    </message>
    <message>
      <source>Remove what is selected</source>
      <translation>Eliminar lo seleccionado</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>Eliminar</translation>
    </message>
    <message>
      <source>Undo the last change</source>
      <translation>Deshacer el último cambio</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>Deshacer</translation>
    </message>
    <message>
      <source>Use readings of later days too</source>
      <translation>Usar también lecturas de días posteriores</translation>
    </message>
    <message>
      <source>The best reconstruction of the past: the map of a day then also rests on what was measured after it. Leave it off to see what could be known on that day.</source>
      <translation>La mejor reconstrucción del pasado: el mapa de un día se apoya también en lo que se midió después. Déjelo sin marcar para ver lo que se podía saber ese día.</translation>
    </message>
    <message numerus="yes">
      <source>{0}: %n daily mean(s) of {1}</source>
      <translation>
        <numerusform>{0}: %n media diaria de {1}</numerusform>
        <numerusform>{0}: %n medias diarias de {1}</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>RefusedList</name>
    <message>
      <source>… and {0} more</source>
      <translation>… y {0} más</translation>
    </message>
  </context>
  <context>
    <name>RegionAssistant</name>
    <message>
      <source>DeepSoil: Region from your files</source>
      <translation>DeepSoil: Región a partir de sus archivos</translation>
    </message>
    <message>
      <source>Choose folder…</source>
      <translation>Elegir carpeta…</translation>
    </message>
    <message>
      <source>Name of the region</source>
      <translation>Nombre de la región</translation>
    </message>
    <message>
      <source>Make the region</source>
      <translation>Crear la región</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>Volver a mirar</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>Choose the folder with your files</source>
      <translation>Elija la carpeta con sus archivos</translation>
    </message>
    <message>
      <source>Looking at the files …</source>
      <translation>Mirando los archivos…</translation>
    </message>
    <message>
      <source>Choose a folder with maps (GeoTIFF), weather (NetCDF) and stations (ISMN archives).</source>
      <translation>Elija una carpeta con mapas (GeoTIFF), datos meteorológicos (NetCDF) y estaciones (archivos ISMN).</translation>
    </message>
    <message>
      <source>Replace it</source>
      <translation>Sustituirla</translation>
    </message>
  </context>
  <context>
    <name>RegionsWindow</name>
    <message>
      <source>DeepSoil: Regions</source>
      <translation>DeepSoil: Regiones</translation>
    </message>
    <message>
      <source>Regions</source>
      <translation>Regiones</translation>
    </message>
    <message>
      <source>Region</source>
      <translation>Región</translation>
    </message>
    <message>
      <source>Days with maps</source>
      <translation>Días con mapas</translation>
    </message>
    <message>
      <source>Data until</source>
      <translation>Datos hasta</translation>
    </message>
    <message>
      <source>Stations</source>
      <translation>Estaciones</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>Carpeta</translation>
    </message>
    <message>
      <source>Zoom to it</source>
      <translation>Acercar</translation>
    </message>
    <message>
      <source>Update…</source>
      <translation>Actualizar…</translation>
    </message>
    <message>
      <source>Remove…</source>
      <translation>Quitar…</translation>
    </message>
    <message>
      <source>There is no region yet. Draw a field and get its data, or add a region folder in the line Data.</source>
      <translation>Todavía no hay ninguna región. Dibuje una parcela y obtenga sus datos, o añada una carpeta de región en la línea Datos.</translation>
    </message>
    <message>
      <source>Sources: {0}</source>
      <translation>Fuentes: {0}</translation>
    </message>
    <message>
      <source>Folder: {0}</source>
      <translation>Carpeta: {0}</translation>
    </message>
    <message>
      <source>Remove {0}? Its maps and jobs stay.</source>
      <translation>¿Quitar {0}? Sus mapas y trabajos se conservan.</translation>
    </message>
    <message>
      <source>Its files can be deleted too: {0}</source>
      <translation>También se pueden borrar sus archivos: {0}</translation>
    </message>
    <message>
      <source>Its files stay, as DeepSoil did not make them: {0}</source>
      <translation>Sus archivos se conservan, pues DeepSoil no los creó: {0}</translation>
    </message>
    <message>
      <source>Take out of the list</source>
      <translation>Quitar de la lista</translation>
    </message>
    <message>
      <source>Delete its files, too</source>
      <translation>Borrar también sus archivos</translation>
    </message>
  </context>
  <context>
    <name>RequestPanel</name>
    <message>
      <source>Map it</source>
      <translation>Hacer mapa</translation>
    </message>
    <message>
      <source>Where</source>
      <translation>Dónde</translation>
    </message>
    <message>
      <source>When</source>
      <translation>Cuándo</translation>
    </message>
    <message>
      <source>What</source>
      <translation>Qué</translation>
    </message>
    <message>
      <source>Data</source>
      <translation>Datos</translation>
    </message>
    <message>
      <source>On</source>
      <translation>En</translation>
    </message>
    <message>
      <source>Looking for data …</source>
      <translation>Buscando datos …</translation>
    </message>
    <message>
      <source>Draw or select a field to map it.</source>
      <translation>Dibuje o seleccione una parcela para hacer el mapa.</translation>
    </message>
    <message>
      <source>Tick at least one depth.</source>
      <translation>Marque al menos una profundidad.</translation>
    </message>
    <message>
      <source>Sending …</source>
      <translation>Enviando …</translation>
    </message>
    <message>
      <source>Make the maps</source>
      <translation>Hacer los mapas</translation>
    </message>
    <message>
      <source>Pixels: {0}, windows: {1}</source>
      <translation>Píxeles: {0}, ventanas: {1}</translation>
    </message>
    <message>
      <source>The job will be sent as soon as {0} answers.</source>
      <translation>El trabajo se enviará en cuanto {0} responda.</translation>
    </message>
    <message>
      <source>Checking …</source>
      <translation>Comprobando …</translation>
    </message>
    <message>
      <source>Water</source>
      <translation>Agua</translation>
    </message>
    <message>
      <source>How</source>
      <translation>Cómo</translation>
    </message>
    <message>
      <source>Probes</source>
      <translation>Sondas</translation>
    </message>
    <message>
      <source>There is no data yet. Draw your field, then get its data; or use the button at the end of the Data line to add a region folder.</source>
      <translation>Aún no hay datos. Dibuje su parcela y obtenga sus datos, o use el botón al final de la línea Datos para añadir la carpeta de una región.</translation>
    </message>
    <message>
      <source>The data of this field are being fetched. See the list of jobs.</source>
      <translation>Los datos de esta parcela se están descargando. Vea la lista de trabajos.</translation>
    </message>
    <message>
      <source>Get the data of this field first: “Get it…” in the line Data.</source>
      <translation>Obtenga primero los datos de esta parcela: «Obtener…» en la línea Datos.</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>Ver</translation>
    </message>
  </context>
  <context>
    <name>ResourceFields</name>
    <message>
      <source>Slurm resources per task</source>
      <translation>Recursos de Slurm por tarea</translation>
    </message>
    <message>
      <source>default</source>
      <translation>predeterminado</translation>
    </message>
    <message>
      <source>none</source>
      <translation>ninguno</translation>
    </message>
    <message>
      <source>Training is faster on a GPU. Predictions do not need one</source>
      <translation>El entrenamiento es más rápido con una GPU. Las predicciones no la necesitan</translation>
    </message>
    <message>
      <source> GB</source>
      <translation> GB</translation>
    </message>
    <message>
      <source> h</source>
      <translation> h</translation>
    </message>
    <message>
      <source>A training that needs more time continues from its last epoch</source>
      <translation>Un entrenamiento que necesita más tiempo continúa desde su última época</translation>
    </message>
    <message>
      <source>A large map is split into at most this many tasks. At most this many trainings run at the same time</source>
      <translation>Un mapa grande se divide como máximo en este número de tareas. Como máximo se ejecutan a la vez este número de entrenamientos</translation>
    </message>
    <message>
      <source>Partition</source>
      <translation>Partición</translation>
    </message>
    <message>
      <source>Account</source>
      <translation>Cuenta</translation>
    </message>
    <message>
      <source>CPUs</source>
      <translation>CPU</translation>
    </message>
    <message>
      <source>GPUs</source>
      <translation>GPU</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>Memoria</translation>
    </message>
    <message>
      <source>Time limit</source>
      <translation>Límite de tiempo</translation>
    </message>
    <message>
      <source>Tasks at the same time</source>
      <translation>Tareas simultáneas</translation>
    </message>
  </context>
  <context>
    <name>ResultLayers</name>
    <message numerus="yes">
      <source>{0} and %n more</source>
      <translation>
        <numerusform>{0} y %n más</numerusform>
        <numerusform>{0} y %n más</numerusform>
      </translation>
    </message>
    <message>
      <source>Could not open {0}. The file may have been moved or deleted. To make it again, choose “Try again” in the list of jobs.</source>
      <translation>No se ha podido abrir {0}. Puede que el archivo se haya movido o borrado. Para hacerlo de nuevo, elija «Intentar de nuevo» en la lista de trabajos.</translation>
    </message>
  </context>
  <context>
    <name>SampleField</name>
    <message>
      <source>Building the sample region: {0} %</source>
      <translation>Creando la región de ejemplo: {0} %</translation>
    </message>
    <message>
      <source>The sample region could not be built: {0}</source>
      <translation>No se pudo crear la región de ejemplo: {0}</translation>
    </message>
  </context>
  <context>
    <name>SelectedFields</name>
    <message>
      <source>Names from</source>
      <translation>Nombres de</translation>
    </message>
    <message>
      <source>Attribute with the names of the fields</source>
      <translation>Atributo con los nombres de las parcelas</translation>
    </message>
    <message>
      <source>Repair</source>
      <translation>Reparar</translation>
    </message>
    <message>
      <source>Use the outlines that are not valid after taking out their crossings</source>
      <translation>Usar los contornos no válidos después de eliminar sus cruces</translation>
    </message>
    <message>
      <source>numbers</source>
      <translation>números</translation>
    </message>
    <message>
      <source>none: all are one area</source>
      <translation>ninguno: todas forman un área</translation>
    </message>
  </context>
  <context>
    <name>SelectionPicker</name>
    <message>
      <source>The layer “{0}” has no coordinate system. Set one in the layer's properties, then try again.</source>
      <translation>La capa «{0}» no tiene sistema de coordenadas. Defínalo en las propiedades de la capa e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>The selection could not be read. Select the features again.</source>
      <translation>No se ha podido leer la selección. Seleccione los objetos de nuevo.</translation>
    </message>
    <message>
      <source>{0} features are selected. One job can use at most {1}. Select fewer.</source>
      <translation>Hay {0} objetos seleccionados. Un trabajo puede usar como máximo {1}. Seleccione menos.</translation>
    </message>
    <message>
      <source>The selected features of “{0}” have no area. Select polygons.</source>
      <translation>Los objetos seleccionados de «{0}» no tienen superficie. Seleccione polígonos.</translation>
    </message>
  </context>
  <context>
    <name>SendQuestion</name>
    <message>
      <source>DeepSoil: Send this job?</source>
      <translation>DeepSoil: ¿Enviar este trabajo?</translation>
    </message>
    <message>
      <source>This job came with the project file and has not been sent. This is what it will do:</source>
      <translation>Este trabajo venía en el archivo del proyecto y no se ha enviado. Esto es lo que hará:</translation>
    </message>
    <message>
      <source>What the job will do</source>
      <translation>Lo que hará el trabajo</translation>
    </message>
    <message>
      <source>Send</source>
      <translation>Enviar</translation>
    </message>
  </context>
  <context>
    <name>Session</name>
    <message>
      <source>Sending to the engine</source>
      <translation>Enviando al motor</translation>
    </message>
    <message>
      <source>Cancelling …</source>
      <translation>Cancelando …</translation>
    </message>
    <message>
      <source>Waiting for the engine: {0}</source>
      <translation>Esperando al motor: {0}</translation>
    </message>
    <message numerus="yes">
      <source>%n job(s) ended while QGIS was closed.</source>
      <translation>
        <numerusform>%n trabajo ha terminado mientras QGIS estaba cerrado.</numerusform>
        <numerusform>%n trabajos han terminado mientras QGIS estaba cerrado.</numerusform>
      </translation>
    </message>
    <message>
      <source>Show the newest</source>
      <translation>Mostrar el más reciente</translation>
    </message>
    <message>
      <source>Models…</source>
      <translation>Modelos…</translation>
    </message>
    <message>
      <source>Show finished maps</source>
      <translation>Mostrar los mapas terminados</translation>
    </message>
    <message>
      <source>Show in list</source>
      <translation>Mostrar en la lista</translation>
    </message>
    <message>
      <source>This project was saved with a newer version of DeepSoil. Its jobs are left as they are; update DeepSoil to work with them.</source>
      <translation>Este proyecto se guardó con una versión más reciente de DeepSoil. Sus trabajos quedan como están; actualice DeepSoil para trabajar con ellos.</translation>
    </message>
    <message numerus="yes">
      <source>Left out, because damaged or not a request for maps: %n job(s) of the project file.</source>
      <translation>
        <numerusform>Se omitió, por estar dañado o no ser una solicitud de mapas: %n trabajo del archivo del proyecto.</numerusform>
        <numerusform>Se omitieron, por estar dañados o no ser solicitudes de mapas: %n trabajos del archivo del proyecto.</numerusform>
      </translation>
    </message>
  </context>
  <context>
    <name>SetupPage</name>
    <message>
      <source>Set up DeepSoil</source>
      <translation>Configurar DeepSoil</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>Cancelar</translation>
    </message>
    <message>
      <source>Starting …</source>
      <translation>Iniciando …</translation>
    </message>
    <message>
      <source>DeepSoil does its calculations in a separate engine, outside QGIS. The engine needs to be installed once:

•  What: Python packages (ONNX Runtime, NumPy, rasterio, Zarr and others) from the Python Package Index
•  Where: {0}
•  Size: about {1} MB

Nothing is installed into QGIS itself. This takes a few minutes. You can keep working in QGIS.</source>
      <translation>DeepSoil hace sus cálculos en un motor aparte, fuera de QGIS. El motor se instala una sola vez:

•  Qué: paquetes de Python (ONNX Runtime, NumPy, rasterio, Zarr y otros) del Python Package Index
•  Dónde: {0}
•  Tamaño: unos {1} MB

En QGIS no se instala nada. Tarda unos minutos. Puede seguir trabajando en QGIS.</translation>
    </message>
    <message>
      <source>Cancelled. The files already downloaded are kept for the next attempt.</source>
      <translation>Cancelado. Los archivos ya descargados se conservan para el próximo intento.</translation>
    </message>
  </context>
  <context>
    <name>SoilLine</name>
    <message>
      <source>Open a CSV file of measured soil layers, with columns such as {0}; water contents in m³/m³</source>
      <translation>Abrir un archivo CSV con capas de suelo medidas, con columnas como {0}; contenidos de agua en m³/m³</translation>
    </message>
    <message>
      <source>CSV</source>
      <translation>CSV</translation>
    </message>
    <message>
      <source>Paste soil layers from a spreadsheet, with their line of names: {0}</source>
      <translation>Pegar capas de suelo desde una hoja de cálculo, con su línea de nombres: {0}</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>Pegar</translation>
    </message>
    <message>
      <source>Take the soil of the region again</source>
      <translation>Volver a usar el suelo de la región</translation>
    </message>
    <message>
      <source>Undo the last change of the soil</source>
      <translation>Deshacer el último cambio del suelo</translation>
    </message>
    <message>
      <source>Open a table of soil layers</source>
      <translation>Abrir una tabla de capas de suelo</translation>
    </message>
    <message>
      <source>Soil of the region's map</source>
      <translation>Suelo del mapa de la región</translation>
    </message>
    <message>
      <source>Measured soil layers can be given in its place. Soil columns then take their curves from them.</source>
      <translation>En su lugar se pueden indicar capas de suelo medidas. Las columnas de suelo toman entonces de ellas sus curvas.</translation>
    </message>
  </context>
  <context>
    <name>StationLayers</name>
    <message>
      <source>Stations</source>
      <translation>Estaciones</translation>
    </message>
    <message>
      <source>{0}: click to compare with the model</source>
      <translation>{0}: haga clic para comparar con el modelo</translation>
    </message>
  </context>
  <context>
    <name>TableSource</name>
    <message>
      <source>Tables (*.csv *.txt *.tsv)</source>
      <translation>Tablas (*.csv *.txt *.tsv)</translation>
    </message>
    <message>
      <source>The file {0} cannot be read: {1}.</source>
      <translation>No se puede leer el archivo {0}: {1}.</translation>
    </message>
    <message>
      <source>The file {0} is too large for such a table.</source>
      <translation>El archivo {0} es demasiado grande para una tabla así.</translation>
    </message>
    <message>
      <source>There is no text to paste. Copy the rows in the spreadsheet first.</source>
      <translation>No hay texto para pegar. Copie antes las filas en la hoja de cálculo.</translation>
    </message>
  </context>
  <context>
    <name>TrainingDialog</name>
    <message>
      <source>DeepSoil: Train a Model</source>
      <translation>DeepSoil: entrenar un modelo</translation>
    </message>
    <message>
      <source>Train</source>
      <translation>Entrenar</translation>
    </message>
    <message>
      <source>Sending …</source>
      <translation>Enviando …</translation>
    </message>
    <message numerus="yes">
      <source>Train %n model(s)</source>
      <translation>
        <numerusform>Entrenar %n modelo</numerusform>
        <numerusform>Entrenar %n modelos</numerusform>
      </translation>
    </message>
    <message>
      <source>Start training. Follow its progress and curves in the list of jobs</source>
      <translation>Empezar el entrenamiento. Siga su progreso y sus curvas en la lista de trabajos</translation>
    </message>
    <message>
      <source>The job will be sent as soon as {0} answers.</source>
      <translation>El trabajo se enviará en cuanto {0} responda.</translation>
    </message>
    <message>
      <source>Checking …</source>
      <translation>Comprobando …</translation>
    </message>
  </context>
  <context>
    <name>TrainingForm</name>
    <message>
      <source>Folder with the daily weather series, on the computer that trains</source>
      <translation>Carpeta con las series meteorológicas diarias, en el equipo que entrena</translation>
    </message>
    <message>
      <source>Train on the stations of this region as well as on simulated columns</source>
      <translation>Entrenar con las estaciones de esta región además de con columnas simuladas</translation>
    </message>
    <message>
      <source>Folder of an earlier training on that computer. Its weights are the starting point</source>
      <translation>Carpeta de un entrenamiento anterior en ese equipo. Sus pesos son el punto de partida</translation>
    </message>
    <message>
      <source>Repeat the training with this many random seeds, to see how much the result depends on chance</source>
      <translation>Repetir el entrenamiento con este número de semillas aleatorias, para ver cuánto depende el resultado del azar</translation>
    </message>
    <message>
      <source>Add a row</source>
      <translation>Añadir una fila</translation>
    </message>
    <message>
      <source>Remove selected rows</source>
      <translation>Eliminar las filas seleccionadas</translation>
    </message>
    <message>
      <source>Seeds</source>
      <translation>Semillas</translation>
    </message>
    <message>
      <source>Epochs</source>
      <translation>Épocas</translation>
    </message>
    <message>
      <source>Train on</source>
      <translation>Entrenar en</translation>
    </message>
    <message>
      <source>Depth</source>
      <translation>Profundidad</translation>
    </message>
    <message>
      <source>Start from</source>
      <translation>Partir de</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>Nombre</translation>
    </message>
    <message>
      <source>Weather folder</source>
      <translation>Carpeta de meteorología</translation>
    </message>
    <message>
      <source>Stations of region</source>
      <translation>Estaciones de la región</translation>
    </message>
    <message>
      <source>Starting weights</source>
      <translation>Pesos iniciales</translation>
    </message>
    <message>
      <source>All regions: one model each ({0})</source>
      <translation>Todas las regiones: un modelo para cada una ({0})</translation>
    </message>
  </context>
  <context>
    <name>UnitsGroup</name>
    <message>
      <source>Units</source>
      <translation>Unidades</translation>
    </message>
    <message>
      <source>In legends, panels and tables. Files keep m³/m³</source>
      <translation>En leyendas, paneles y tablas. Los archivos conservan m³/m³</translation>
    </message>
    <message>
      <source>m³ of water in m³ of soil</source>
      <translation>m³ de agua por m³ de suelo</translation>
    </message>
    <message>
      <source>% of the volume</source>
      <translation>% del volumen</translation>
    </message>
    <message>
      <source>mm of water in 10 cm of soil</source>
      <translation>mm de agua en 10 cm de suelo</translation>
    </message>
    <message>
      <source>inches of water in a foot of soil</source>
      <translation>pulgadas de agua en un pie de suelo</translation>
    </message>
    <message>
      <source>mm</source>
      <translation>mm</translation>
    </message>
    <message>
      <source>inches</source>
      <translation>pulgadas</translation>
    </message>
    <message>
      <source>Soil moisture</source>
      <translation>Humedad del suelo</translation>
    </message>
    <message>
      <source>Rain, irrigation and water for plants</source>
      <translation>Lluvia, riego y agua para las plantas</translation>
    </message>
  </context>
  <context>
    <name>ValueDialog</name>
    <message>
      <source>DeepSoil: Soil moisture reading</source>
      <translation>DeepSoil: Lectura de humedad del suelo</translation>
    </message>
    <message>
      <source>Water content</source>
      <translation>Contenido de agua</translation>
    </message>
    <message>
      <source>Unit of the water content</source>
      <translation>Unidad del contenido de agua</translation>
    </message>
    <message>
      <source>choose the unit</source>
      <translation>elija la unidad</translation>
    </message>
    <message>
      <source>m³/m³ (such as 0.22)</source>
      <translation>m³/m³ (como 0.22)</translation>
    </message>
    <message>
      <source>per cent (such as 22)</source>
      <translation>por ciento (como 22)</translation>
    </message>
    <message>
      <source>Depth in cm</source>
      <translation>Profundidad en cm</translation>
    </message>
    <message>
      <source>Day of the reading</source>
      <translation>Día de la lectura</translation>
    </message>
    <message>
      <source>Longitude in degrees</source>
      <translation>Longitud en grados</translation>
    </message>
    <message>
      <source>Latitude in degrees</source>
      <translation>Latitud en grados</translation>
    </message>
    <message>
      <source>Pick the place on the map</source>
      <translation>Elegir el lugar en el mapa</translation>
    </message>
    <message>
      <source>On the map</source>
      <translation>En el mapa</translation>
    </message>
    <message>
      <source>Sensor</source>
      <translation>Sensor</translation>
    </message>
    <message>
      <source>Readings of the same sensor share its offset. Leave it for values of one hand-held probe.</source>
      <translation>Las lecturas del mismo sensor comparten su desviación. Déjelo así para los valores de una sonda portátil.</translation>
    </message>
    <message>
      <source>Add</source>
      <translation>Añadir</translation>
    </message>
    <message>
      <source>Save</source>
      <translation>Guardar</translation>
    </message>
    <message>
      <source>longitude</source>
      <translation>longitud</translation>
    </message>
    <message>
      <source>latitude</source>
      <translation>latitud</translation>
    </message>
    <message>
      <source>Depth (cm)</source>
      <translation>Profundidad (cm)</translation>
    </message>
    <message>
      <source>Day</source>
      <translation>Día</translation>
    </message>
    <message>
      <source>Place</source>
      <translation>Lugar</translation>
    </message>
    <message>
      <source>mm in 10 cm (such as 22)</source>
      <translation>mm en 10 cm (como 22)</translation>
    </message>
    <message>
      <source>inches in a foot (such as 2.6)</source>
      <translation>pulgadas en un pie (como 2.6)</translation>
    </message>
  </context>
  <context>
    <name>WaterSection</name>
    <message>
      <source>Field whose water is shown</source>
      <translation>Parcela cuya agua se muestra</translation>
    </message>
    <message>
      <source>What is known of the field's irrigation</source>
      <translation>Lo que se sabe del riego de la parcela</translation>
    </message>
    <message>
      <source>Crop of the field</source>
      <translation>Cultivo de la parcela</translation>
    </message>
    <message>
      <source>Water given at a time</source>
      <translation>Agua que se da cada vez</translation>
    </message>
    <message>
      <source>Share of the available water that is used before</source>
      <translation>Parte del agua disponible que se usa antes</translation>
    </message>
    <message>
      <source>Of the water that the roots can take from moist soil. Most crops suffer beyond 40 to 55 %.</source>
      <translation>Del agua que las raíces pueden tomar de un suelo húmedo. La mayoría de los cultivos sufren a partir del 40 al 55 %.</translation>
    </message>
    <message>
      <source>when</source>
      <translation>cuando el</translation>
    </message>
    <message>
      <source>is used</source>
      <translation>está usado</translation>
    </message>
    <message>
      <source>Open a CSV file with the columns date and mm (or in)</source>
      <translation>Abrir un archivo CSV con las columnas fecha y mm (o in)</translation>
    </message>
    <message>
      <source>CSV</source>
      <translation>CSV</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>Pegar</translation>
    </message>
    <message>
      <source>Delete the selected rows</source>
      <translation>Borrar las filas seleccionadas</translation>
    </message>
    <message>
      <source>Undo the last change of the log</source>
      <translation>Deshacer el último cambio del registro</translation>
    </message>
    <message>
      <source>The irrigation log is empty. Type a date and its water.</source>
      <translation>El registro de riego está vacío. Escriba una fecha y su agua.</translation>
    </message>
    <message>
      <source>All fields</source>
      <translation>Todas las parcelas</translation>
    </message>
    <message>
      <source>As irrigated as the region's map says</source>
      <translation>Con riego donde lo dice el mapa de la región</translation>
    </message>
    <message>
      <source>Not irrigated, or not known</source>
      <translation>Sin riego, o no se sabe</translation>
    </message>
    <message>
      <source>As for all fields</source>
      <translation>Como para todas las parcelas</translation>
    </message>
    <message>
      <source>Irrigated, nothing more is known</source>
      <translation>Con riego, no se sabe más</translation>
    </message>
    <message>
      <source>Usual practice</source>
      <translation>Práctica habitual</translation>
    </message>
    <message>
      <source>Irrigation log</source>
      <translation>Registro de riego</translation>
    </message>
    <message>
      <source>Not irrigated</source>
      <translation>Sin riego</translation>
    </message>
    <message>
      <source>Crop not known</source>
      <translation>Cultivo desconocido</translation>
    </message>
    <message>
      <source>Open an irrigation log</source>
      <translation>Abrir un registro de riego</translation>
    </message>
    <message>
      <source>Days that stood in the log already and were replaced: {0}</source>
      <translation>Días que ya estaban en el registro y se han sustituido: {0}</translation>
    </message>
    <message>
      <source>planted on</source>
      <translation>siembra el</translation>
    </message>
    <message>
      <source>Day and month count, in every year. If not ticked: when the crop is usually planted in this climate</source>
      <translation>Cuentan el día y el mes, en todos los años. Si no se marca: cuando el cultivo suele sembrarse en este clima</translation>
    </message>
    <message>
      <source>Day of planting</source>
      <translation>Día de siembra</translation>
    </message>
    <message>
      <source>Paste rows of a spreadsheet: date and water</source>
      <translation>Pegar filas de una hoja de cálculo: fecha y agua</translation>
    </message>
  </context>
  <context>
    <name>WishesForm</name>
    <message>
      <source>GeoTIFF</source>
      <translation>GeoTIFF</translation>
    </message>
    <message>
      <source>with the 90 % interval</source>
      <translation>con el intervalo del 90 %</translation>
    </message>
    <message>
      <source>As the map (UTM zone of the field)</source>
      <translation>El del mapa (zona UTM de la parcela)</translation>
    </message>
    <message>
      <source>soil moisture below</source>
      <translation>humedad del suelo inferior a</translation>
    </message>
    <message>
      <source>available water below</source>
      <translation>agua disponible inferior a</translation>
    </message>
    <message>
      <source>Maps</source>
      <translation>Mapas</translation>
    </message>
    <message>
      <source>Coordinates</source>
      <translation>Coordenadas</translation>
    </message>
    <message>
      <source>Pixel size</source>
      <translation>Tamaño de píxel</translation>
    </message>
    <message>
      <source>Soil moisture in</source>
      <translation>Humedad del suelo en</translation>
    </message>
    <message>
      <source>Water in</source>
      <translation>Agua en</translation>
    </message>
    <message>
      <source>Table of fields</source>
      <translation>Tabla de parcelas</translation>
    </message>
    <message>
      <source>Share of a field with</source>
      <translation>Parte de la parcela con</translation>
    </message>
    <message>
      <source>Each pixel is the mean of the map's pixels in it.</source>
      <translation>Cada píxel es la media de los píxeles del mapa que contiene.</translation>
    </message>
    <message>
      <source>Each pixel has the value of the nearest one of the map. Finer pixels show no more detail.</source>
      <translation>Cada píxel tiene el valor del más cercano del mapa. Los píxeles más finos no muestran más detalle.</translation>
    </message>
    <message>
      <source>PDF, a page for each field and day</source>
      <translation>PDF, una página por parcela y día</translation>
    </message>
    <message>
      <source>Report</source>
      <translation>Informe</translation>
    </message>
    <message>
      <source>Outlines and zones</source>
      <translation>Contornos y zonas</translation>
    </message>
    <message>
      <source>Threshold</source>
      <translation>Umbral</translation>
    </message>
  </context>
  <context>
    <name>_List</name>
    <message>
      <source>Your maps and jobs will appear here.</source>
      <translation>Aquí aparecerán sus mapas y trabajos.</translation>
    </message>
  </context>
  <context>
    <name>engine</name>
    <message>
      <source>'{job}' is not the id of a job.</source>
      <translation>'{job}' no es el identificador de un trabajo.</translation>
    </message>
    <message>
      <source>'{method}' failed unexpectedly ({name}: {error}).</source>
      <translation>'{method}' ha fallado inesperadamente ({name}: {error}).</translation>
    </message>
    <message>
      <source>--pixels, --cells and --days only say something with --plan.</source>
      <translation>--pixels, --cells y --days solo tienen sentido con --plan.</translation>
    </message>
    <message>
      <source>--sample and --year belong together.</source>
      <translation>--sample y --year van juntos.</translation>
    </message>
    <message>
      <source>A depth is outside the soil column of {edges_cm:g} cm.</source>
      <translation>Una profundidad queda fuera de la columna de suelo de {edges_cm:g} cm.</translation>
    </message>
    <message>
      <source>A host is described by an object.</source>
      <translation>Un servidor se describe con un objeto.</translation>
    </message>
    <message>
      <source>A job specification is a JSON object.</source>
      <translation>La especificación de un trabajo es un objeto JSON.</translation>
    </message>
    <message>
      <source>A line has more than {longest_line} MiB.</source>
      <translation>Una línea tiene más de {longest_line} MiB.</translation>
    </message>
    <message>
      <source>A report alone does not say how thick the layers are.</source>
      <translation>Un informe solo no dice qué grosor tienen las capas.</translation>
    </message>
    <message>
      <source>A ring must end at the corner where it begins.</source>
      <translation>Un anillo debe terminar en el vértice en que empieza.</translation>
    </message>
    <message>
      <source>A ring of the area is not closed.</source>
      <translation>Un anillo del área no está cerrado.</translation>
    </message>
    <message>
      <source>A soil for SWIM3 does not have 0 &lt; LL15 &lt; DUL &lt; SAT and Ks &gt; 0.</source>
      <translation>Un suelo para SWIM3 no cumple 0 &lt; LL15 &lt; DUL &lt; SAT y Ks &gt; 0.</translation>
    </message>
    <message>
      <source>A spin-up of {spinup_days} days cannot be run.</source>
      <translation>No se puede calcular un calentamiento de {spinup_days} días.</translation>
    </message>
    <message>
      <source>A table needs date, {limits} (or {watts}).</source>
      <translation>Una tabla necesita date, {limits} (o {watts}).</translation>
    </message>
    <message>
      <source>APSIM did not report {missing}.</source>
      <translation>APSIM no ha informado de {missing}.</translation>
    </message>
    <message>
      <source>APSIM was stopped while it ran {name}.</source>
      <translation>APSIM se ha detenido mientras ejecutaba {name}.</translation>
    </message>
    <message>
      <source>APSIM's report {name} is not there.</source>
      <translation>No está el informe {name} de APSIM.</translation>
    </message>
    <message>
      <source>Add --plan.</source>
      <translation>Añada --plan.</translation>
    </message>
    <message>
      <source>Add it in the options.</source>
      <translation>Añádalo en las opciones.</translation>
    </message>
    <message>
      <source>Add it to the recipe and ingest again.</source>
      <translation>Añádalo a la receta y haga la ingesta de nuevo.</translation>
    </message>
    <message>
      <source>Add it to the region's recipe and ingest again, or choose another model.</source>
      <translation>Añádalo a la receta de la región y haga la ingesta de nuevo, o elija otro modelo.</translation>
    </message>
    <message>
      <source>Add it.</source>
      <translation>Añádalo.</translation>
    </message>
    <message>
      <source>Add stations to its recipe and ingest again, or choose another region.</source>
      <translation>Añada estaciones a su receta y haga la ingesta de nuevo, o elija otra región.</translation>
    </message>
    <message>
      <source>Add stations to its recipe and ingest again.</source>
      <translation>Añada estaciones a su receta y haga la ingesta de nuevo.</translation>
    </message>
    <message>
      <source>Add supervision.region, see resources/training/tables-kings-creek.yaml.</source>
      <translation>Añada supervision.region; vea resources/training/tables-kings-creek.yaml.</translation>
    </message>
    <message>
      <source>Add them to the crosswalk (null = missing).</source>
      <translation>Añádalos a la tabla de correspondencias (null = sin dato).</translation>
    </message>
    <message>
      <source>Allowed are: {allowed}.</source>
      <translation>Se admiten: {allowed}.</translation>
    </message>
    <message>
      <source>An id has 32 hexadecimal digits; look in the list of jobs.</source>
      <translation>Un identificador tiene 32 cifras hexadecimales; mire en la lista de trabajos.</translation>
    </message>
    <message>
      <source>Another process of this training has ended: {said}.</source>
      <translation>Otro proceso de este entrenamiento ha terminado: {said}.</translation>
    </message>
    <message>
      <source>Another program has held {path} for more than {timeout_s:.0f} s ({holder}).</source>
      <translation>Otro programa retiene {path} desde hace más de {timeout_s:.0f} s ({holder}).</translation>
    </message>
    <message>
      <source>Answer the question, then try again.</source>
      <translation>Responda a la pregunta e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Ask for between {strata} and {total:,} points.</source>
      <translation>Pida entre {strata} y {total:,} puntos.</translation>
    </message>
    <message>
      <source>Choose days within it.</source>
      <translation>Pida días dentro de él.</translation>
    </message>
    <message>
      <source>Ask for the list of outputs again.</source>
      <translation>Pida de nuevo la lista de resultados.</translation>
    </message>
    <message>
      <source>Ask its administrators. If the new key is right: ssh-keygen -R '{name}' -f '{file}'</source>
      <translation>Pregunte a sus administradores. Si la clave nueva es correcta: ssh-keygen -R '{name}' -f '{file}'</translation>
    </message>
    <message>
      <source>Ask the engine of your own computer.</source>
      <translation>Pregunte al motor de su propio equipo.</translation>
    </message>
    <message>
      <source>Build its store with precipitation, temperature, vpd and pet.</source>
      <translation>Construya su almacén con precipitation, temperature, vpd y pet.</translation>
    </message>
    <message>
      <source>Cancel it first, then remove it.</source>
      <translation>Cancélelo primero y elimínelo después.</translation>
    </message>
    <message>
      <source>Cancelled before it began</source>
      <translation>Cancelado antes de empezar</translation>
    </message>
    <message>
      <source>Change the period.</source>
      <translation>Cambie el periodo.</translation>
    </message>
    <message>
      <source>Check column, nodata, range and minimum_share.</source>
      <translation>Compruebe column, nodata, range y minimum_share.</translation>
    </message>
    <message>
      <source>Check its content.</source>
      <translation>Compruebe su contenido.</translation>
    </message>
    <message>
      <source>Check its texture and land cover.</source>
      <translation>Compruebe su textura y su cubierta del suelo.</translation>
    </message>
    <message>
      <source>Check that it is APSIM's program Models and may be executed.</source>
      <translation>Compruebe que es el programa Models de APSIM y que se puede ejecutar.</translation>
    </message>
    <message>
      <source>Check that the file is whole.</source>
      <translation>Compruebe que el archivo está completo.</translation>
    </message>
    <message>
      <source>Check that you may write there, or set DEEPSOIL_HOME to another folder.</source>
      <translation>Compruebe que puede escribir allí, o ponga en DEEPSOIL_HOME otra carpeta.</translation>
    </message>
    <message>
      <source>Check the area, and the CRS of the file.</source>
      <translation>Compruebe el área y el SRC del archivo.</translation>
    </message>
    <message>
      <source>Check the area.</source>
      <translation>Compruebe el área.</translation>
    </message>
    <message>
      <source>Check the dates of their sources.</source>
      <translation>Compruebe las fechas de sus fuentes.</translation>
    </message>
    <message>
      <source>Check the folder, or build it with `deepsoil ingest` or `deepsoil sample`.</source>
      <translation>Compruebe la carpeta, o constrúyala con `deepsoil ingest` o `deepsoil sample`.</translation>
    </message>
    <message>
      <source>Check the path.</source>
      <translation>Compruebe la ruta.</translation>
    </message>
    <message>
      <source>Check the positions of the stations.</source>
      <translation>Compruebe las posiciones de las estaciones.</translation>
    </message>
    <message>
      <source>Check the sources of its weather.</source>
      <translation>Compruebe las fuentes de su meteorología.</translation>
    </message>
    <message>
      <source>Check the spelling.</source>
      <translation>Compruebe la ortografía.</translation>
    </message>
    <message>
      <source>Check the stations and the period of the weather.</source>
      <translation>Compruebe las estaciones y el periodo de la meteorología.</translation>
    </message>
    <message>
      <source>Check the unit, the columns, the nodata values and the flags.</source>
      <translation>Compruebe la unidad, las columnas, los valores sin dato y las marcas.</translation>
    </message>
    <message>
      <source>Check the units and nodata values of its texture, and ingest again.</source>
      <translation>Compruebe las unidades y los valores sin dato de su textura, y haga la ingesta de nuevo.</translation>
    </message>
    <message>
      <source>Check unit, scale, offset, nodata and crosswalk of the source.</source>
      <translation>Compruebe unidad, escala, desplazamiento, valor sin dato y correspondencias de la fuente.</translation>
    </message>
    <message>
      <source>Check which column is which.</source>
      <translation>Compruebe qué columna es cada una.</translation>
    </message>
    <message>
      <source>Choose 'utm', or another EPSG code.</source>
      <translation>Elija 'utm' u otro código EPSG.</translation>
    </message>
    <message>
      <source>Choose a date from {earliest} to {last}.</source>
      <translation>Elija una fecha entre {earliest} y {last}.</translation>
    </message>
    <message>
      <source>Choose a folder that you may write.</source>
      <translation>Elija una carpeta en la que pueda escribir.</translation>
    </message>
    <message>
      <source>Choose a region of that computer.</source>
      <translation>Elija una región de ese equipo.</translation>
    </message>
    <message>
      <source>Choose a step that divides 100: 1, 2, 4, 5, 10, 20, 25 or 50.</source>
      <translation>Elija un paso que divida 100: 1, 2, 4, 5, 10, 20, 25 o 50.</translation>
    </message>
    <message>
      <source>Choose an area inside the region's outline.</source>
      <translation>Elija un área dentro del contorno de la región.</translation>
    </message>
    <message>
      <source>Choose an area of at most {largest_km2:,.0f} km², or fewer dates, or one depth.</source>
      <translation>Elija un área de {largest_km2:,.0f} km² como máximo, o menos fechas, o una sola profundidad.</translation>
    </message>
    <message>
      <source>Choose another date; the region has weather from {first} to {last}, with gaps.</source>
      <translation>Elija otra fecha; la región tiene meteorología de {first} a {last}, con huecos.</translation>
    </message>
    <message>
      <source>Choose another depth or region.</source>
      <translation>Elija otra profundidad u otra región.</translation>
    </message>
    <message>
      <source>Choose another file.</source>
      <translation>Elija otro archivo.</translation>
    </message>
    <message>
      <source>Choose another folder, or remove it first.</source>
      <translation>Elija otra carpeta, o elimínela primero.</translation>
    </message>
    <message>
      <source>Choose another folder.</source>
      <translation>Elija otra carpeta.</translation>
    </message>
    <message>
      <source>Choose another model, or update DeepSoil so that both agree.</source>
      <translation>Elija otro modelo, o actualice DeepSoil para que ambos concuerden.</translation>
    </message>
    <message>
      <source>Choose another model, or update DeepSoil.</source>
      <translation>Elija otro modelo, o actualice DeepSoil.</translation>
    </message>
    <message>
      <source>Choose another output folder, or delete this one to start again.</source>
      <translation>Elija otra carpeta de salida, o borre esta para empezar de nuevo.</translation>
    </message>
    <message>
      <source>Choose from 0 to 3660 days; 365 is usual.</source>
      <translation>Elija de 0 a 3660 días; lo habitual son 365.</translation>
    </message>
    <message>
      <source>Choose it in a run without --shard, after the last part.</source>
      <translation>Elíjala en una ejecución sin --shard, después de la última parte.</translation>
    </message>
    <message>
      <source>Choose one of the models in the list, or copy the file there.</source>
      <translation>Elija uno de los modelos de la lista, o copie el archivo allí.</translation>
    </message>
    <message>
      <source>Choose one of them.</source>
      <translation>Elija una de ellas.</translation>
    </message>
    <message>
      <source>Choose other folds, or a split by dates.</source>
      <translation>Elija otras particiones, o una división por fechas.</translation>
    </message>
    <message>
      <source>Choose smaller batches, or a partition with larger GPUs.</source>
      <translation>Elija lotes más pequeños, o una partición con GPU mayores.</translation>
    </message>
    <message>
      <source>Choose the private half of a key in the format of OpenSSH (ed25519, ecdsa, rsa); PuTTY's .ppk must be exported first.</source>
      <translation>Elija la mitad privada de una clave en formato OpenSSH (ed25519, ecdsa, rsa); las claves .ppk de PuTTY se deben exportar antes.</translation>
    </message>
    <message>
      <source>Choose the private key, e.g. ~/.ssh/id_ed25519.</source>
      <translation>Elija la clave privada, p. ej. ~/.ssh/id_ed25519.</translation>
    </message>
    <message>
      <source>Choose them with: deepsoil simulate {path} --sample 500000 --year {year}</source>
      <translation>Elíjalos: deepsoil simulate {path} --sample 500000 --year {year}</translation>
    </message>
    <message>
      <source>Close other programs or choose a smaller area.</source>
      <translation>Cierre otros programas o elija un área menor.</translation>
    </message>
    <message>
      <source>Close other programs, or choose a smaller area or fewer dates.</source>
      <translation>Cierre otros programas, o elija un área menor o menos fechas.</translation>
    </message>
    <message>
      <source>Close the programs and layers that use its files, then try again.</source>
      <translation>Cierre los programas y capas que usan sus archivos e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Connect again when you can answer.</source>
      <translation>Conecte de nuevo cuando pueda responder.</translation>
    </message>
    <message>
      <source>Connect again with the right one; 'ssh-keygen -y -f FILE' tests it.</source>
      <translation>Conecte de nuevo con la correcta; 'ssh-keygen -y -f FILE' la comprueba.</translation>
    </message>
    <message>
      <source>Copy one to {folders}, or train one.</source>
      <translation>Copie uno a {folders}, o entrene uno.</translation>
    </message>
    <message>
      <source>Copy or install it again.</source>
      <translation>Cópielo o instálelo de nuevo.</translation>
    </message>
    <message>
      <source>Copy the store to a folder of yours, or get the right to write there.</source>
      <translation>Copie el almacén a una carpeta suya, u obtenga permiso para escribir allí.</translation>
    </message>
    <message>
      <source>Correct ProxyJump in the SSH configuration.</source>
      <translation>Corrija ProxyJump en la configuración de SSH.</translation>
    </message>
    <message>
      <source>Correct it ('ssh -G HOST' shows how ssh reads it), or type the host's own name instead of the alias.</source>
      <translation>Corríjalo ('ssh -G HOST' muestra cómo lo entiende ssh), o deje el alias y escriba el nombre del servidor.</translation>
    </message>
    <message>
      <source>Correct the band.</source>
      <translation>Corrija la banda.</translation>
    </message>
    <message>
      <source>Correct the conditions under `where`.</source>
      <translation>Corrija las condiciones de `where`.</translation>
    </message>
    <message>
      <source>Correct the dates or the files.</source>
      <translation>Corrija las fechas o los archivos.</translation>
    </message>
    <message>
      <source>Correct the field; resources/training holds two complete configurations.</source>
      <translation>Corrija el campo; en resources/training hay dos configuraciones completas.</translation>
    </message>
    <message>
      <source>Correct the file, or rename it and add the hosts again; their jobs are untouched.</source>
      <translation>Corrija el archivo, o cámbiele el nombre y añada los servidores de nuevo; sus trabajos no se tocan.</translation>
    </message>
    <message>
      <source>Correct the file.</source>
      <translation>Corrija el archivo.</translation>
    </message>
    <message>
      <source>Correct the path, or give the folder of the data with --root.</source>
      <translation>Corrija la ruta, o indique la carpeta de los datos con --root.</translation>
    </message>
    <message>
      <source>Correct the pattern of the files, or the column of the ids.</source>
      <translation>Corrija el patrón de los archivos, o la columna de los identificadores.</translation>
    </message>
    <message>
      <source>Correct the pattern, or give the folder of the data with --root.</source>
      <translation>Corrija el patrón, o indique la carpeta de los datos con --root.</translation>
    </message>
    <message>
      <source>Correct the recipe and ingest again.</source>
      <translation>Corrija la receta y haga la ingesta de nuevo.</translation>
    </message>
    <message>
      <source>Describe it again and send it.</source>
      <translation>Descríbalo de nuevo y envíelo.</translation>
    </message>
    <message>
      <source>Do not log in. Ask the administrators of the host.</source>
      <translation>No inicie sesión. Pregunte a los administradores del servidor.</translation>
    </message>
    <message>
      <source>Download it from ISMN again.</source>
      <translation>Descárguelo de nuevo de ISMN.</translation>
    </message>
    <message>
      <source>Download the archive again, in the form 'header + values'.</source>
      <translation>Descargue el archivo de nuevo, en la forma 'header + values'.</translation>
    </message>
    <message>
      <source>Download the archive again.</source>
      <translation>Descargue el archivo de nuevo.</translation>
    </message>
    <message>
      <source>Draw a field of at least three corners that do not.</source>
      <translation>Dibuje una parcela de al menos tres vértices que no lo estén.</translation>
    </message>
    <message>
      <source>EPSG:{epsg} is not a known coordinate system.</source>
      <translation>EPSG:{epsg} no es un sistema de coordenadas conocido.</translation>
    </message>
    <message>
      <source>Export the model again.</source>
      <translation>Exporte el modelo de nuevo.</translation>
    </message>
    <message>
      <source>Fill the gaps of the weather first, and check its units and fill values.</source>
      <translation>Rellene antes los huecos de la meteorología, y compruebe sus unidades y valores de relleno.</translation>
    </message>
    <message>
      <source>Fill them first: a soil column needs every day.</source>
      <translation>Rellénelos antes: una columna de suelo necesita todos los días.</translation>
    </message>
    <message>
      <source>Finding the distinct soil columns</source>
      <translation>Buscando las columnas de suelo distintas</translation>
    </message>
    <message>
      <source>Finished</source>
      <translation>Terminado</translation>
    </message>
    <message>
      <source>Finished outputs are kept. Send the job again; if it happens twice, choose a smaller area or fewer dates.</source>
      <translation>Los resultados terminados se conservan. Envíe el trabajo de nuevo; si ocurre dos veces, elija un área menor o menos fechas.</translation>
    </message>
    <message>
      <source>Free some space there, or choose a folder on another disk.</source>
      <translation>Libere espacio allí, o elija una carpeta en otro disco.</translation>
    </message>
    <message>
      <source>Free some space, for example by removing old jobs, and try again. Finished maps are kept.</source>
      <translation>Libere espacio, por ejemplo eliminando trabajos antiguos, e inténtelo de nuevo. Los mapas terminados se conservan.</translation>
    </message>
    <message>
      <source>Give a GeoJSON file with the outline of the area.</source>
      <translation>Indique un archivo GeoJSON con el contorno del área.</translation>
    </message>
    <message>
      <source>Give a depth in cm within the layers.</source>
      <translation>Indique una profundidad en cm dentro de las capas.</translation>
    </message>
    <message>
      <source>Give a file on a longitude-latitude grid.</source>
      <translation>Indique un archivo en una malla de longitud y latitud.</translation>
    </message>
    <message>
      <source>Give a file with a polygon.</source>
      <translation>Indique un archivo con un polígono.</translation>
    </message>
    <message>
      <source>Give a file with time, latitude and longitude.</source>
      <translation>Indique un archivo con tiempo, latitud y longitud.</translation>
    </message>
    <message>
      <source>Give a larger number.</source>
      <translation>Indique un número mayor.</translation>
    </message>
    <message>
      <source>Give a name such as "UTC" or "US/Central", or a fixed offset such as "-06:00".</source>
      <translation>Indique un nombre como "UTC" o "US/Central", o un desfase fijo como "-06:00".</translation>
    </message>
    <message>
      <source>Give a number above 0.</source>
      <translation>Indique un número mayor que 0.</translation>
    </message>
    <message>
      <source>Give another folder, or delete it first.</source>
      <translation>Indique otra carpeta, o bórrela antes.</translation>
    </message>
    <message>
      <source>Give at least four thicknesses in mm, from the top, as 10,40,50,50; or {named_layers}.</source>
      <translation>Indique al menos cuatro grosores en mm, desde arriba, como 10,40,50,50; o {named_layers}.</translation>
    </message>
    <message>
      <source>Give at least three layers as edges in cm, for example 0, 1, 3, 7, 11, 16, 24, ...</source>
      <translation>Indique al menos tres capas como bordes en cm, por ejemplo 0, 1, 3, 7, 11, 16, 24, ...</translation>
    </message>
    <message>
      <source>Give both, e.g. --sample 500000 --year 2023.</source>
      <translation>Indique los dos, p. ej. --sample 500000 --year 2023.</translation>
    </message>
    <message>
      <source>Give depths in cm within the column.</source>
      <translation>Indique profundidades en cm dentro de la columna.</translation>
    </message>
    <message>
      <source>Give each its own name.</source>
      <translation>Dé a cada uno su propio nombre.</translation>
    </message>
    <message>
      <source>Give every configuration a name of its own; its results are kept under it.</source>
      <translation>Dé a cada configuración su propio nombre; sus resultados se guardan con él.</translation>
    </message>
    <message>
      <source>Give every day once, in order.</source>
      <translation>Indique cada día una vez, en orden.</translation>
    </message>
    <message>
      <source>Give files of one data set to one channel.</source>
      <translation>Indique para un canal archivos de un solo conjunto de datos.</translation>
    </message>
    <message>
      <source>Give it as YYYY-MM-DD.</source>
      <translation>Indíquelo como AAAA-MM-DD.</translation>
    </message>
    <message>
      <source>Give it in ISO 8601.</source>
      <translation>Indíquelo en ISO 8601.</translation>
    </message>
    <message>
      <source>Give its fields by name.</source>
      <translation>Indique sus campos por nombre.</translation>
    </message>
    <message>
      <source>Give latitude and longitude in degrees.</source>
      <translation>Indique latitud y longitud en grados.</translation>
    </message>
    <message>
      <source>Give more digits.</source>
      <translation>Indique más cifras.</translation>
    </message>
    <message>
      <source>Give one stratum and one row of features for each pixel.</source>
      <translation>Indique un estrato y una fila de variables para cada píxel.</translation>
    </message>
    <message>
      <source>Give one that is combined to one cell, or the same grid.</source>
      <translation>Indique una combinada en una sola celda, o la misma malla.</translation>
    </message>
    <message>
      <source>Give sand, silt and clay in per cent, with missing values as NaN.</source>
      <translation>Indique arena, limo y arcilla en tanto por ciento, con los valores ausentes como NaN.</translation>
    </message>
    <message>
      <source>Give the `day` of the file.</source>
      <translation>Indique el `day` del archivo.</translation>
    </message>
    <message>
      <source>Give the archive as it was downloaded.</source>
      <translation>Indique el archivo tal como se descargó.</translation>
    </message>
    <message>
      <source>Give the area in EPSG:4326, longitude first.</source>
      <translation>Indique el área en EPSG:4326, primero la longitud.</translation>
    </message>
    <message>
      <source>Give the column that does, or its format.</source>
      <translation>Indique la columna que sí lo hace, o su formato.</translation>
    </message>
    <message>
      <source>Give the folder of the series on that computer.</source>
      <translation>Indique la carpeta de las series en ese equipo.</translation>
    </message>
    <message>
      <source>Give the layers of the soils that APSIM ran.</source>
      <translation>Indique las capas de los suelos que APSIM ejecutó.</translation>
    </message>
    <message>
      <source>Give the path of a YAML file, e.g. resources/training/deepsoil-20cm.yaml.</source>
      <translation>Indique la ruta de un archivo YAML, p. ej. resources/training/deepsoil-20cm.yaml.</translation>
    </message>
    <message>
      <source>Give the whole path on the engine's machine.</source>
      <translation>Indique la ruta completa en la máquina del motor.</translation>
    </message>
    <message>
      <source>Give their stratum as -1, as tag_strata(nlcd, koppen, features) does.</source>
      <translation>Ponga su estrato a -1, como hace tag_strata(nlcd, koppen, features).</translation>
    </message>
    <message>
      <source>Give them with --layers, from the top, in mm.</source>
      <translation>Indíquelos con --layers, desde arriba, en mm.</translation>
    </message>
    <message>
      <source>Give three arrays of one shape (places, days).</source>
      <translation>Indique tres matrices de la misma forma (lugares, días).</translation>
    </message>
    <message>
      <source>Give {get_args}.</source>
      <translation>Indique {get_args}.</translation>
    </message>
    <message>
      <source>Install APSIM Next Generation (October 2022 or later, with the .NET runtime it asks for), or say where it is with --models or {variable}. Without it you can still write the files, run them elsewhere and read the reports here; and the soil column's own swim3 mode needs no APSIM.</source>
      <translation>Instale APSIM Next Generation (de octubre de 2022 o posterior, con el entorno .NET que pide), o diga dónde está con --models o {variable}. Sin él puede escribir los archivos, ejecutarlos en otro lugar y leer aquí los informes; y el modo swim3 de la columna de suelo no necesita APSIM.</translation>
    </message>
    <message>
      <source>Install it again.</source>
      <translation>Instálelo de nuevo.</translation>
    </message>
    <message>
      <source>Install the engine again, or build the table with `python -m deepsoil.soil.rosetta_table`.</source>
      <translation>Instale el motor de nuevo, o construya la tabla con `python -m deepsoil.soil.rosetta_table`.</translation>
    </message>
    <message>
      <source>Choose a report that APSIM has written.</source>
      <translation>Elija un informe escrito por APSIM.</translation>
    </message>
    <message>
      <source>It can be continued.</source>
      <translation>Se puede continuar.</translation>
    </message>
    <message>
      <source>It has the tasks 0 to {count}.</source>
      <translation>Tiene las tareas 0 a {count}.</translation>
    </message>
    <message>
      <source>It has {count} sensors, among them {there}.</source>
      <translation>Tiene {count} sensores, entre ellos {there}.</translation>
    </message>
    <message>
      <source>It has: {channels}.</source>
      <translation>Tiene: {channels}.</translation>
    </message>
    <message>
      <source>It has: {ids}.</source>
      <translation>Tiene: {ids}.</translation>
    </message>
    <message>
      <source>It is a mapping `classes:` from code to code (null = missing).</source>
      <translation>Es una correspondencia `classes:` de código a código (null = sin dato).</translation>
    </message>
    <message>
      <source>It is tried again; its administrators can raise MaxSessions.</source>
      <translation>Se intenta de nuevo; sus administradores pueden aumentar MaxSessions.</translation>
    </message>
    <message>
      <source>It may have been removed; look in the list of jobs.</source>
      <translation>Puede que se haya eliminado; mire en la lista de trabajos.</translation>
    </message>
    <message>
      <source>It may still be written; otherwise run APSIM again.</source>
      <translation>Puede que aún se esté escribiendo; si no, ejecute APSIM de nuevo.</translation>
    </message>
    <message>
      <source>It must be {expected}.</source>
      <translation>Debe ser {expected}.</translation>
    </message>
    <message>
      <source>It needs {wanted}.</source>
      <translation>Necesita {wanted}.</translation>
    </message>
    <message>
      <source>It was removed; look in the list of jobs.</source>
      <translation>Se ha eliminado; mire en la lista de trabajos.</translation>
    </message>
    <message>
      <source>Its administrators can update its SSH server. Until then, put 'paramiko&lt;5' into the engine's environment on this computer.</source>
      <translation>Sus administradores pueden actualizar el servidor SSH. Mientras tanto, ponga 'paramiko&lt;5' en el entorno del motor de este equipo.</translation>
    </message>
    <message>
      <source>Its outputs are in {parent}. Send the job again.</source>
      <translation>Sus resultados están en {parent}; envíe el trabajo de nuevo para hacer otros.</translation>
    </message>
    <message>
      <source>The reason is in its output. The training can be continued.</source>
      <translation>Su propia salida dice por qué; el entrenamiento se puede continuar.</translation>
    </message>
    <message>
      <source>Known regions: {known}. Add a store first.</source>
      <translation>Regiones conocidas: {known}. Añada antes un almacén.</translation>
    </message>
    <message>
      <source>Known: {known}.</source>
      <translation>Conocidos: {known}.</translation>
    </message>
    <message>
      <source>Layered soils have {shape} layers, the column has {nodes}.</source>
      <translation>Los suelos en capas tienen {shape} capas, la columna tiene {nodes}.</translation>
    </message>
    <message>
      <source>Add [Clock].Today to the report.</source>
      <translation>El informe debe contener [Clock].Today.</translation>
    </message>
    <message>
      <source>Add [Soil].SoilWater.SW to the report.</source>
      <translation>El informe debe contener [Soil].SoilWater.SW.</translation>
    </message>
    <message>
      <source>Add [Weather].Rain and [Soil].SoilWater.Eos to the report.</source>
      <translation>El informe debe contener [Weather].Rain y [Soil].SoilWater.Eos.</translation>
    </message>
    <message>
      <source>Line {line} of {name} has a value that is not a number.</source>
      <translation>La línea {line} de {name} tiene un valor que no es un número.</translation>
    </message>
    <message>
      <source>Look in the list of its models.</source>
      <translation>Mire en la lista de sus modelos.</translation>
    </message>
    <message>
      <source>Lower split.distance_km, or split by dates.</source>
      <translation>Reduzca split.distance_km, o divida por fechas.</translation>
    </message>
    <message>
      <source>Free some space and run `deepsoil simulate` again; it continues.</source>
      <translation>Libere espacio y ejecute `deepsoil simulate` otra vez; continúa.</translation>
    </message>
    <message>
      <source>Free some space, or choose a folder on another disk, and ingest again.</source>
      <translation>Libere espacio, o elija una carpeta en otro disco, y haga la ingesta de nuevo.</translation>
    </message>
    <message>
      <source>Make the file readable for you.</source>
      <translation>Haga que usted pueda leer el archivo.</translation>
    </message>
    <message>
      <source>Simulate them with: deepsoil simulate {path}</source>
      <translation>Simúlelas con: deepsoil simulate {path}</translation>
    </message>
    <message>
      <source>Move the corners so that no two edges cross, or run 'Fix geometries' on the layer.</source>
      <translation>Mueva los vértices para que no se crucen dos lados, o ejecute «Corregir geometrías» en la capa.</translation>
    </message>
    <message>
      <source>'{after}' is not a time.</source>
      <translation>'{after}' no es una hora.</translation>
    </message>
    <message>
      <source>'{text}' is not a date.</source>
      <translation>'{text}' no es una fecha.</translation>
    </message>
    <message>
      <source>'{title}' has no observation at {depth_cm} cm that passed quality control on a day with weather.</source>
      <translation>Ninguna observación a {depth_cm} cm en '{title}' ha pasado el control de calidad y tiene meteorología.</translation>
    </message>
    <message>
      <source>A company proxy may inspect connections: ask its administrator for the certificate and set PIP_CERT to it.</source>
      <translation>Puede que un proxy de la empresa inspeccione las conexiones: pida el certificado a su administrador e indíquelo en PIP_CERT.</translation>
    </message>
    <message>
      <source>A computer that it needs is out of service</source>
      <translation>Un equipo que necesita está fuera de servicio</translation>
    </message>
    <message>
      <source>A file could not be written there.</source>
      <translation>No se ha podido escribir un archivo en el servidor.</translation>
    </message>
    <message>
      <source>A file could not be written to {folder} and read again.</source>
      <translation>No se pudo escribir un archivo en {folder} y leerlo de nuevo.</translation>
    </message>
    <message>
      <source>A file could not be written.</source>
      <translation>No se ha podido escribir un archivo.</translation>
    </message>
    <message>
      <source>A file that was written to {folder} came back changed.</source>
      <translation>Un archivo escrito en {folder} volvió modificado.</translation>
    </message>
    <message>
      <source>A file went to {folder} and came back whole.</source>
      <translation>Un archivo llegó a {folder} y volvió íntegro.</translation>
    </message>
    <message>
      <source>A host has no field '{name}'.</source>
      <translation>Un servidor no tiene el campo '{name}'.</translation>
    </message>
    <message>
      <source>A host needs the field '{name}'.</source>
      <translation>Un servidor necesita el campo '{name}'.</translation>
    </message>
    <message>
      <source>A job for {title} was not sent yet.</source>
      <translation>Un trabajo para {title} aún no se ha enviado.</translation>
    </message>
    <message>
      <source>A job of kind '{kind}' has no option '{name}'.</source>
      <translation>Un trabajo de tipo '{kind}' no tiene la opción '{name}'.</translation>
    </message>
    <message>
      <source>A job of kind '{kind}' needs the field '{name}'.</source>
      <translation>Un trabajo de tipo '{kind}' necesita el campo '{name}'.</translation>
    </message>
    <message>
      <source>A package does not exist for the Python or the system there: {line}</source>
      <translation>Un paquete no existe para el Python o el sistema del servidor: {line}</translation>
    </message>
    <message>
      <source>A package does not exist for this Python or processor.</source>
      <translation>Un paquete no existe para este Python o procesador.</translation>
    </message>
    <message>
      <source>A package is not the one that was tested: its checksum differs.</source>
      <translation>Un paquete no es el que se probó: su suma de comprobación es distinta.</translation>
    </message>
    <message>
      <source>A package there is not the one that was tested: {line}</source>
      <translation>Un paquete de allí no es el que se probó: {line}</translation>
    </message>
    <message>
      <source>A plain host: jobs run there as processes.</source>
      <translation>Un servidor simple: los trabajos se ejecutan allí como procesos.</translation>
    </message>
    <message>
      <source>A proxy may inspect connections: ask its administrators for the certificate and set PIP_CERT there to it.</source>
      <translation>Puede que un proxy inspeccione las conexiones: pida el certificado a sus administradores e indíquelo en PIP_CERT en el servidor.</translation>
    </message>
    <message>
      <source>A question stays open for two minutes. Connect to the host again.</source>
      <translation>Una pregunta espera dos minutos. Conecte de nuevo con el servidor.</translation>
    </message>
    <message>
      <source>A run that does one of several parts cannot restart the others.</source>
      <translation>Una ejecución que hace una de varias partes no puede reiniciar las demás.</translation>
    </message>
    <message>
      <source>Add a region that covers the place, or choose a field inside a region.</source>
      <translation>Añada una región que cubra el lugar, o elija una parcela dentro de una región.</translation>
    </message>
    <message>
      <source>Add how it looks to training/patches.py, or train without it.</source>
      <translation>Añada a training/patches.py cómo se ve, o entrene sin él.</translation>
    </message>
    <message>
      <source>Add newer data to the region for a better map.</source>
      <translation>Añada datos más recientes a la región para obtener un mapa mejor.</translation>
    </message>
    <message>
      <source>Add the store of a region, or the sample region.</source>
      <translation>Añada el almacén de una región, o la región de ejemplo.</translation>
    </message>
    <message>
      <source>Add them to the region for a better map.</source>
      <translation>Añádalos a la región para obtener un mapa mejor.</translation>
    </message>
    <message>
      <source>All of them are in {parent}.</source>
      <translation>Todos están en {parent}.</translation>
    </message>
    <message>
      <source>Another installation has not ended for {minutes:.0f} minutes ({holder}).</source>
      <translation>Otra instalación no ha terminado en {minutes:.0f} minutos ({holder}).</translation>
    </message>
    <message>
      <source>Another program (an antivirus?) may hold it: close other QGIS windows, then try again.</source>
      <translation>Puede que otro programa (¿un antivirus?) lo retenga: cierre otras ventanas de QGIS e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Ask for more memory.</source>
      <translation>Pida más memoria.</translation>
    </message>
    <message>
      <source>Ask for the same settings to continue them, or make new ones with --restart.</source>
      <translation>Pida los mismos ajustes para continuarlas, o haga otras nuevas con --restart.</translation>
    </message>
    <message>
      <source>Ask its administrators: something changes data on the way or on that disk.</source>
      <translation>Pregunte a sus administradores: algo cambia los datos en el camino o en ese disco.</translation>
    </message>
    <message>
      <source>Ask the administrators: something between this computer and that disk changes data.</source>
      <translation>Consulte a los administradores: algo entre este equipo y ese disco modifica los datos.</translation>
    </message>
    <message>
      <source>Ask who cancelled it, perhaps an administrator, then send the job again. Finished results are kept.</source>
      <translation>Pregunte quién lo canceló, quizá un administrador, y envíe el trabajo de nuevo. Los resultados terminados se conservan.</translation>
    </message>
    <message>
      <source>Aspect, clockwise from north</source>
      <translation>Orientación, en sentido horario desde el norte</translation>
    </message>
    <message>
      <source>Available water storage 0-5 cm</source>
      <translation>Agua disponible almacenada a 0-5 cm</translation>
    </message>
    <message>
      <source>Bulk density</source>
      <translation>Densidad aparente</translation>
    </message>
    <message>
      <source>CPUs on a node</source>
      <translation>CPU en un nodo</translation>
    </message>
    <message>
      <source>Cancelling</source>
      <translation>Cancelándose</translation>
    </message>
    <message>
      <source>Check ProxyJump, and whether the jump host may forward connections.</source>
      <translation>Compruebe ProxyJump, y si el servidor de salto puede reenviar conexiones.</translation>
    </message>
    <message>
      <source>Check host, port, network and VPN; DeepSoil tries again.</source>
      <translation>Compruebe servidor, puerto, red y VPN; DeepSoil lo intenta de nuevo.</translation>
    </message>
    <message>
      <source>Check that the disk works and has free space, then try again.</source>
      <translation>Compruebe que el disco funciona y tiene espacio libre, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Check that the file is whole and is a raster: {formats}.</source>
      <translation>Compruebe que el archivo está completo y es un ráster: {formats}.</translation>
    </message>
    <message>
      <source>Check that {home} can be written and has space, then try again.</source>
      <translation>Compruebe que se puede escribir en {home} y que hay espacio, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Check the folder there.</source>
      <translation>Compruebe la carpeta en el servidor.</translation>
    </message>
    <message>
      <source>Check the internet connection, then try again: nothing is lost.</source>
      <translation>Compruebe la conexión a internet e inténtelo de nuevo: no se pierde nada.</translation>
    </message>
    <message>
      <source>Check the name; some names are known only inside a network or over a VPN.</source>
      <translation>Compruebe el nombre; algunos nombres solo se conocen dentro de una red o por VPN.</translation>
    </message>
    <message>
      <source>Check the network or the VPN; DeepSoil tries again.</source>
      <translation>Compruebe la red o la VPN; DeepSoil lo intenta de nuevo.</translation>
    </message>
    <message>
      <source>Check the partition, account, QOS and resources of the host, then send the job again.</source>
      <translation>Revise la partición, la cuenta, la QOS y los recursos del servidor y envíe el trabajo de nuevo.</translation>
    </message>
    <message>
      <source>Check the permissions of the host's folder, or choose another one.</source>
      <translation>Compruebe los permisos de la carpeta del servidor, o elija otra.</translation>
    </message>
    <message>
      <source>Check the port. A busy host may refuse for a moment; DeepSoil tries again.</source>
      <translation>Compruebe el puerto. Un servidor ocupado puede rechazar un momento; DeepSoil lo intenta de nuevo.</translation>
    </message>
    <message>
      <source>Check the user name and the password. A code must be new.</source>
      <translation>Compruebe el usuario y la contraseña. Un código debe ser nuevo.</translation>
    </message>
    <message>
      <source>Check whether the disk there is full or a quota is used up.</source>
      <translation>Compruebe si el disco del servidor está lleno o se ha agotado una cuota.</translation>
    </message>
    <message>
      <source>Check whether the disk there is full, a quota is used up, or the folder is read-only.</source>
      <translation>Compruebe si el disco está lleno, si se agotó una cuota o si la carpeta es de solo lectura.</translation>
    </message>
    <message>
      <source>Check who owns it and its permissions, then try again.</source>
      <translation>Compruebe su propietario y sus permisos e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Check your permissions for that folder.</source>
      <translation>Compruebe sus permisos sobre esa carpeta.</translation>
    </message>
    <message>
      <source>Choose 'utm', or a coordinate system made for that part of the world.</source>
      <translation>Elija 'utm', o un sistema de coordenadas hecho para esa parte del mundo.</translation>
    </message>
    <message>
      <source>Choose 'utm', or a projected coordinate system in metres.</source>
      <translation>Elija 'utm', o un sistema de coordenadas proyectado en metros.</translation>
    </message>
    <message>
      <source>Choose a folder on a disk that allows programs (mounted without noexec).</source>
      <translation>Elija una carpeta en un disco que permita programas (montado sin noexec).</translation>
    </message>
    <message>
      <source>Choose a folder on another disk in DeepSoil's options, then try again.</source>
      <translation>Elija una carpeta de otro disco en las opciones de DeepSoil e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Choose a model for {depth_cm} cm.</source>
      <translation>Elija un modelo para {depth_cm} cm.</translation>
    </message>
    <message>
      <source>Choose another folder in DeepSoil's options, then try again.</source>
      <translation>Elija otra carpeta en las opciones de DeepSoil e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Choose another folder, one that the nodes of the cluster see as well.</source>
      <translation>Elija otra carpeta, una que también vean los nodos del clúster.</translation>
    </message>
    <message>
      <source>Choose another id.</source>
      <translation>Elija otro identificador.</translation>
    </message>
    <message>
      <source>Choose another way of authentication for this host.</source>
      <translation>Elija otra forma de autenticación para este servidor.</translation>
    </message>
    <message>
      <source>Choose fewer fields or fewer days.</source>
      <translation>Elija menos parcelas o menos días.</translation>
    </message>
    <message>
      <source>Choose one of: {known}. Or install the package that adds it.</source>
      <translation>Elija una de: {known}. O instale el paquete que la añade.</translation>
    </message>
    <message>
      <source>Choose one of: {names}.</source>
      <translation>Elija una de estas: {names}.</translation>
    </message>
    <message>
      <source>Chose {done:,} of {total:,} pixels for {year}</source>
      <translation>Elegidos {done:,} de {total:,} píxeles para {year}</translation>
    </message>
    <message>
      <source>Clay</source>
      <translation>Arcilla</translation>
    </message>
    <message>
      <source>Commands cannot be run there after the login.</source>
      <translation>Después de iniciar sesión no se pueden ejecutar órdenes allí.</translation>
    </message>
    <message>
      <source>Commands run as {user} on {machine}.</source>
      <translation>Las órdenes se ejecutan como {user} en {machine}.</translation>
    </message>
    <message>
      <source>Connect again and confirm it when you know that it is right.</source>
      <translation>Conecte de nuevo y confírmela cuando sepa que es correcta.</translation>
    </message>
    <message>
      <source>Connected to {machine}</source>
      <translation>Conectado a {machine}</translation>
    </message>
    <message>
      <source>Connecting to {address}</source>
      <translation>Conectando con {address}</translation>
    </message>
    <message>
      <source>Connecting to {host}</source>
      <translation>Conectando con {host}</translation>
    </message>
    <message>
      <source>Copy it again, or build it again with 'deepsoil ingest'.</source>
      <translation>Cópielo de nuevo o créelo otra vez con «deepsoil ingest».</translation>
    </message>
    <message>
      <source>Copy it again, or build it again with `deepsoil ingest` or `deepsoil sample`.</source>
      <translation>Cópielo de nuevo, o constrúyalo de nuevo con `deepsoil ingest` o `deepsoil sample`.</translation>
    </message>
    <message>
      <source>Copy the public key there ('ssh-copy-id'), load the key into the agent ('ssh-add'), or choose the key file. Check the user name.</source>
      <translation>Copie la clave pública al servidor ('ssh-copy-id'), cargue la clave en el agente ('ssh-add') o elija el archivo de clave. Compruebe el usuario.</translation>
    </message>
    <message>
      <source>Correct it in the SSH configuration.</source>
      <translation>Corríjalo en la configuración de SSH.</translation>
    </message>
    <message>
      <source>Correct it, or set DEEPSOIL_HOME to another folder.</source>
      <translation>Corríjalo o indique otra carpeta en DEEPSOIL_HOME.</translation>
    </message>
    <message>
      <source>Correct partition, account, QOS and the limits of this host; 'sacctmgr show assoc' there shows what you may use.</source>
      <translation>Corrija la partición, la cuenta, la QOS y los límites de este servidor; allí, 'sacctmgr show assoc' muestra lo que puede usar.</translation>
    </message>
    <message>
      <source>Creating a Python environment</source>
      <translation>Creando un entorno de Python</translation>
    </message>
    <message>
      <source>DeepSoil cannot use {path}: {strerror}.</source>
      <translation>DeepSoil no puede usar {path}: {strerror}.</translation>
    </message>
    <message>
      <source>DeepSoil ignores it; other programs may not. Let ~/.bashrc or ~/.cshrc print only in an interactive shell.</source>
      <translation>DeepSoil lo ignora; otros programas quizá no. Haga que ~/.bashrc o ~/.cshrc solo escriban en una consola interactiva.</translation>
    </message>
    <message>
      <source>DeepSoil is still connecting to {title}.</source>
      <translation>DeepSoil todavía está conectando con {title}.</translation>
    </message>
    <message>
      <source>DeepSoil may not use {path}: {strerror}.</source>
      <translation>DeepSoil no tiene permiso para usar {path}: {strerror}.</translation>
    </message>
    <message>
      <source>DeepSoil reconnects automatically. Jobs there continue.</source>
      <translation>DeepSoil vuelve a conectar automáticamente; los trabajos del servidor continúan.</translation>
    </message>
    <message>
      <source>DeepSoil reconnects automatically. Your jobs there continue.</source>
      <translation>DeepSoil vuelve a conectar automáticamente; sus trabajos en el servidor continúan.</translation>
    </message>
    <message>
      <source>DeepSoil tries again.</source>
      <translation>DeepSoil lo intenta de nuevo.</translation>
    </message>
    <message>
      <source>DeepSoil's folder {folder} cannot be used: {strerror}.</source>
      <translation>La carpeta {folder} de DeepSoil no se puede usar: {strerror}.</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>Terminado</translation>
    </message>
    <message>
      <source>Downloading {package}</source>
      <translation>Descargando {package}</translation>
    </message>
    <message>
      <source>Downloading {package} {size}</source>
      <translation>Descargando {package} {size}</translation>
    </message>
    <message>
      <source>Draw it inside the region, or add a region that covers it.</source>
      <translation>Dibújela dentro de la región, o añada una región que la cubra.</translation>
    </message>
    <message>
      <source>EPSG:{epsg} ({name}) is not in metres.</source>
      <translation>EPSG:{epsg} ({name}) no está en metros.</translation>
    </message>
    <message>
      <source>Elevation</source>
      <translation>Elevación</translation>
    </message>
    <message>
      <source>End that program, or restart the computer, then try again.</source>
      <translation>Cierre ese programa o reinicie el equipo e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Field “{name}”: {problem}</source>
      <translation>Parcela «{name}»: {problem}</translation>
    </message>
    <message>
      <source>Footprint and dates</source>
      <translation>Huella y fechas</translation>
    </message>
    <message>
      <source>Free at least 1.5 GB, then try again.</source>
      <translation>Libere al menos 1,5 GB e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Free some space or choose another folder in DeepSoil's options, then try again.</source>
      <translation>Libere espacio o elija otra carpeta en las opciones de DeepSoil, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Free some space there (an engine with training needs up to 6 GB), then install again: it continues.</source>
      <translation>Libere espacio en el servidor (un motor con entrenamiento necesita hasta 6 GB) e instale de nuevo: continúa.</translation>
    </message>
    <message>
      <source>Free some space, then retrieve them again: what has come is kept and continued.</source>
      <translation>Libere espacio y descárguelos de nuevo: lo que ha llegado se conserva y se continúa.</translation>
    </message>
    <message>
      <source>GPUs on a node</source>
      <translation>GPU en un nodo</translation>
    </message>
    <message>
      <source>Give a Python 3.12 of that host in the host's settings. An old system (glibc below 2.28) may need a newer login node, or Python from conda-forge.</source>
      <translation>Indique un Python 3.12 de ese servidor en sus ajustes. Un sistema antiguo (glibc anterior a 2.28) puede necesitar un nodo de acceso más nuevo, o Python de conda-forge.</translation>
    </message>
    <message>
      <source>Give a part from 1/{last} to {last}/{last}.</source>
      <translation>Indique una parte de 1/{last} a {last}/{last}.</translation>
    </message>
    <message>
      <source>Give its `crs`, and for a plain image its `bounds`.</source>
      <translation>Indique su `crs` y, para una imagen simple, sus `bounds`.</translation>
    </message>
    <message>
      <source>Give the path of a Python 3.11 to 3.14 with venv there, or leave the field empty.</source>
      <translation>Indique la ruta de un Python 3.11 a 3.14 con venv de allí, o deje el campo vacío.</translation>
    </message>
    <message>
      <source>Give the whole path on the engine's computer.</source>
      <translation>Indique la ruta completa en el equipo del motor.</translation>
    </message>
    <message>
      <source>Grid Engine answers; its queues are {names}.</source>
      <translation>Grid Engine responde; sus colas son {names}.</translation>
    </message>
    <message>
      <source>Grid Engine could not start it and holds it back (`qstat -j` says why)</source>
      <translation>Grid Engine no ha podido iniciarlo y lo retiene (`qstat -j` dice por qué)</translation>
    </message>
    <message>
      <source>Grid Engine is there and does not answer.</source>
      <translation>Grid Engine está instalado y no responde.</translation>
    </message>
    <message>
      <source>Grid Engine shows you no queue '{name}'.</source>
      <translation>Grid Engine no le muestra ninguna cola '{name}'.</translation>
    </message>
    <message>
      <source>Grid Engine was not found there.</source>
      <translation>No se encontró Grid Engine allí.</translation>
    </message>
    <message>
      <source>Held in Grid Engine (`qrls` releases it)</source>
      <translation>Retenido en Grid Engine (`qrls` lo libera)</translation>
    </message>
    <message>
      <source>Held in Slurm by its user (`scontrol release` releases it)</source>
      <translation>Retenido en Slurm por su usuario (`scontrol release` lo libera)</translation>
    </message>
    <message>
      <source>Held in Slurm by the administrator; please ask there</source>
      <translation>Retenido en Slurm por el administrador; pregúntele a él</translation>
    </message>
    <message>
      <source>If it is there, its commands are not in the PATH of a shell that is not interactive: add them in ~/.bashrc (as 'module load slurm'). Otherwise choose 'plain host'.</source>
      <translation>Si está instalado, sus órdenes no están en el PATH de una consola no interactiva: añádalas en ~/.bashrc (por ejemplo 'module load slurm'). Si no, elija «servidor simple».</translation>
    </message>
    <message>
      <source>If it is there, its commands are not in the PATH of a shell that is not interactive: load its settings.sh in ~/.bashrc. Otherwise choose 'plain host'.</source>
      <translation>Si está instalado, sus órdenes no están en el PATH de una consola no interactiva: cargue su settings.sh en ~/.bashrc. Si no, elija «servidor simple».</translation>
    </message>
    <message>
      <source>Install Python 3.12 (on Windows from python.org or the Microsoft Store), then try again.</source>
      <translation>Instale Python 3.12 (en Windows, de python.org o de Microsoft Store) e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Install Python 3.12, then try again; the details name the package.</source>
      <translation>Instale Python 3.12 e inténtelo de nuevo; los detalles nombran el paquete.</translation>
    </message>
    <message>
      <source>Install again: it continues. Some hosts stop long processes on a login node.</source>
      <translation>Instale de nuevo: continúa. Algunos servidores detienen procesos largos en un nodo de acceso.</translation>
    </message>
    <message>
      <source>Install it again. Jobs that are running there continue.</source>
      <translation>Instálelo de nuevo. Los trabajos que se ejecutan allí continúan.</translation>
    </message>
    <message>
      <source>Install it from the host's options.</source>
      <translation>Instálelo desde las opciones del servidor.</translation>
    </message>
    <message>
      <source>Install it with: pip install '{folder}[{extra}]'</source>
      <translation>Instálelo con: pip install '{folder}[{extra}]'</translation>
    </message>
    <message>
      <source>Install it. That takes a few minutes.</source>
      <translation>Instálelo. Tarda unos minutos.</translation>
    </message>
    <message>
      <source>Install the engine from DeepSoil's source folder: pip install './remote[build]'</source>
      <translation>Instale el motor desde la carpeta de código de DeepSoil: pip install './remote[build]'</translation>
    </message>
    <message>
      <source>Install the engine there again.</source>
      <translation>Instale de nuevo el motor allí.</translation>
    </message>
    <message>
      <source>Install the engine there again. Jobs that are running there continue and are shown.</source>
      <translation>Instale de nuevo el motor allí. Los trabajos que se ejecutan allí continúan y se muestran.</translation>
    </message>
    <message>
      <source>Install the engine there again; if that does not help, ask the administrators of that host.</source>
      <translation>Vuelva a instalar el motor allí; si no sirve, pregunte a los administradores de ese equipo.</translation>
    </message>
    <message>
      <source>Install the engine with it from DeepSoil's source folder: pip install './remote[{extra}]'</source>
      <translation>Instale el motor con él desde la carpeta de fuentes de DeepSoil: pip install './remote[{extra}]'</translation>
    </message>
    <message>
      <source>Installing packages</source>
      <translation>Instalando paquetes</translation>
    </message>
    <message>
      <source>It asks for more than the partition {partition} can give</source>
      <translation>Pide más de lo que puede dar la partición {partition}</translation>
    </message>
    <message>
      <source>It asks for more than the partition {partition} can give: {excess}</source>
      <translation>Pide más de lo que puede dar la partición {partition}: {excess}</translation>
    </message>
    <message>
      <source>It asks for more than this account or QOS allows for a job ({reason})</source>
      <translation>Pide más de lo que esta cuenta o QOS permite para un trabajo ({reason})</translation>
    </message>
    <message>
      <source>It asks for {minutes} minutes; the partition {partition} allows fewer</source>
      <translation>Pide {minutes} minutos; la partición {partition} permite menos</translation>
    </message>
    <message>
      <source>It asks for {minutes} minutes; the partition {partition} allows {limit}</source>
      <translation>Pide {minutes} minutos; la partición {partition} permite {limit}</translation>
    </message>
    <message>
      <source>It has: {columns}.</source>
      <translation>Tiene: {columns}.</translation>
    </message>
    <message>
      <source>It has: {known}.</source>
      <translation>Tiene: {known}.</translation>
    </message>
    <message>
      <source>It has: {known}. Update the engine, or install the package that adds the kind.</source>
      <translation>Tiene: {known}. Actualice el motor, o instale el paquete que añade el tipo.</translation>
    </message>
    <message>
      <source>It has: {variables}.</source>
      <translation>Tiene: {variables}.</translation>
    </message>
    <message>
      <source>It is continued.</source>
      <translation>Se continúa.</translation>
    </message>
    <message>
      <source>It is not certain whether {scheduler} has the job ({detail}); DeepSoil is looking for it</source>
      <translation>No es seguro que {scheduler} tenga el trabajo ({detail}); DeepSoil lo está buscando</translation>
    </message>
    <message>
      <source>It is not known whether the installation started.</source>
      <translation>No se sabe si la instalación ha empezado.</translation>
    </message>
    <message>
      <source>It is not retrieved. Ask the administrators of that host.</source>
      <translation>No se descarga. Pregunte a los administradores de ese servidor.</translation>
    </message>
    <message>
      <source>It must be {known}.</source>
      <translation>Debe ser {known}.</translation>
    </message>
    <message>
      <source>It takes: {known}.</source>
      <translation>Admite: {known}.</translation>
    </message>
    <message>
      <source>It waits for a job that can no longer succeed</source>
      <translation>Espera a un trabajo que ya no puede terminar bien</translation>
    </message>
    <message>
      <source>It was changed on that host after the job; send the job again to get it back.</source>
      <translation>Se cambió en ese servidor después del trabajo; envíe el trabajo de nuevo para recuperarlo.</translation>
    </message>
    <message>
      <source>It was changed or damaged on that host after the job; send the job again.</source>
      <translation>Se cambió o dañó en ese servidor después del trabajo; envíe el trabajo de nuevo.</translation>
    </message>
    <message>
      <source>It was removed on that host; send the job again to get it back.</source>
      <translation>Se eliminó en ese servidor; envíe el trabajo de nuevo para recuperarlo.</translation>
    </message>
    <message>
      <source>It would be refused, or never start. Ask for less, or choose another partition.</source>
      <translation>Se rechazaría, o no empezaría nunca. Pida menos, o elija otra partición.</translation>
    </message>
    <message>
      <source>It would never start: {reason}. Cancel it and ask for less</source>
      <translation>No empezaría nunca. {reason}. Cancélelo y pida menos</translation>
    </message>
    <message>
      <source>Its host key is known.</source>
      <translation>Su clave de servidor es conocida.</translation>
    </message>
    <message>
      <source>Jobs of kind '{kind}' come from the package {package}, which cannot be used: {error}.</source>
      <translation>Los trabajos de tipo '{kind}' vienen del paquete {package}, que no se puede usar: {error}.</translation>
    </message>
    <message>
      <source>Koeppen-Geiger climate</source>
      <translation>Clima de Köppen-Geiger</translation>
    </message>
    <message>
      <source>Land cover</source>
      <translation>Cubierta del suelo</translation>
    </message>
    <message>
      <source>Landsat blue</source>
      <translation>Azul de Landsat</translation>
    </message>
    <message>
      <source>Landsat green</source>
      <translation>Verde de Landsat</translation>
    </message>
    <message>
      <source>Landsat red</source>
      <translation>Rojo de Landsat</translation>
    </message>
    <message>
      <source>Leaf area index</source>
      <translation>Índice de área foliar</translation>
    </message>
    <message>
      <source>Leave them out, or add a region that covers them.</source>
      <translation>Exclúyalas o añada una región que las cubra.</translation>
    </message>
    <message>
      <source>Logged in with a key.</source>
      <translation>Sesión iniciada con una clave.</translation>
    </message>
    <message>
      <source>Logged in with password and code.</source>
      <translation>Sesión iniciada con contraseña y código.</translation>
    </message>
    <message>
      <source>Logged in with the key file.</source>
      <translation>Sesión iniciada con el archivo de clave.</translation>
    </message>
    <message>
      <source>Logged in with the password.</source>
      <translation>Sesión iniciada con la contraseña.</translation>
    </message>
    <message>
      <source>Look at attempt-*/output-*.txt in the job's folder on the cluster, then send the job again.</source>
      <translation>Consulte attempt-*/output-*.txt en la carpeta del trabajo en el clúster y envíe el trabajo de nuevo.</translation>
    </message>
    <message>
      <source>Looking for Python and free space</source>
      <translation>Buscando Python y espacio libre</translation>
    </message>
    <message>
      <source>Looking up packages</source>
      <translation>Buscando paquetes</translation>
    </message>
    <message>
      <source>Looking up {package}</source>
      <translation>Buscando {package}</translation>
    </message>
    <message>
      <source>MB of memory on a node</source>
      <translation>MB de memoria en un nodo</translation>
    </message>
    <message>
      <source>Make it writable again (a disk with errors is often made read-only by the system), or set DEEPSOIL_HOME to another folder. Then try again.</source>
      <translation>Permita de nuevo la escritura (el sistema suele dejar en solo lectura un disco con errores) o indique otra carpeta en DEEPSOIL_HOME. Después, inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Make new ones: deepsoil simulate {path} --restart</source>
      <translation>Haga otras nuevas: deepsoil simulate {path} --restart</translation>
    </message>
    <message>
      <source>Making sure that {scheduler} does not have the job already</source>
      <translation>Comprobando que {scheduler} no tiene ya el trabajo</translation>
    </message>
    <message>
      <source>Mean air temperature of the day</source>
      <translation>Temperatura media del aire del día</translation>
    </message>
    <message>
      <source>Merging the results</source>
      <translation>Uniendo los resultados</translation>
    </message>
    <message>
      <source>Move the area if that part matters, or add a region that covers it.</source>
      <translation>Mueva el área si esa parte importa, o añada una región que la cubra.</translation>
    </message>
    <message>
      <source>Move these fields if that part matters, or add a region that covers them.</source>
      <translation>Mueva estas parcelas si esa parte importa, o añada una región que las cubra.</translation>
    </message>
    <message>
      <source>NDVI</source>
      <translation>NDVI</translation>
    </message>
    <message>
      <source>Next in line, waiting for free computers</source>
      <translation>Primero en la cola, en espera de equipos libres</translation>
    </message>
    <message>
      <source>No Python 3.11 to 3.14 that can create virtual environments was found on {title}.</source>
      <translation>No se encontró en {title} ningún Python de 3.11 a 3.14 que pueda crear entornos virtuales.</translation>
    </message>
    <message>
      <source>No Python 3.11 to 3.14 was found on this computer.</source>
      <translation>No se encontró ningún Python 3.11 a 3.14 en este ordenador.</translation>
    </message>
    <message>
      <source>No engine is installed on {title}{detail}.</source>
      <translation>No hay ningún motor instalado en {title}{detail}.</translation>
    </message>
    <message>
      <source>No engine is installed there yet.</source>
      <translation>Todavía no hay ningún motor instalado allí.</translation>
    </message>
    <message>
      <source>No file in {root} fits {pattern} ({where}).</source>
      <translation>Ningún archivo de {root} coincide con {pattern} ({where}).</translation>
    </message>
    <message>
      <source>No host has a job '{id}'.</source>
      <translation>Ningún servidor tiene un trabajo '{id}'.</translation>
    </message>
    <message>
      <source>No metadata.txt beside the engine's source {source}.</source>
      <translation>No hay metadata.txt junto al código del motor {source}.</translation>
    </message>
    <message>
      <source>No partition is the default one.</source>
      <translation>Ninguna partición es la predeterminada.</translation>
    </message>
    <message>
      <source>No pixels of the region {title!r} were sampled for {year}; sampled years: {there}.</source>
      <translation>No se muestrearon píxeles de la región {title!r} para {year}; años muestreados: {there}.</translation>
    </message>
    <message>
      <source>No reading in {file} has one of the flags {flags}; it has {found}.</source>
      <translation>Ninguna lectura de {file} tiene una de las marcas {flags}; tiene {found}.</translation>
    </message>
    <message>
      <source>No station day is left for a part of the split.</source>
      <translation>No queda ningún día de estación para una parte de la división.</translation>
    </message>
    <message>
      <source>No station has a single day of good readings.</source>
      <translation>Ninguna estación tiene un solo día de lecturas buenas.</translation>
    </message>
    <message>
      <source>No station has readings at {depth_cm} cm between {start} and {end}.</source>
      <translation>Ninguna estación tiene lecturas a {depth_cm} cm entre {start} y {end}.</translation>
    </message>
    <message>
      <source>No station measures near {depth_cm} cm.</source>
      <translation>Ninguna estación mide cerca de {depth_cm} cm.</translation>
    </message>
    <message>
      <source>No station of '{title}' measures near {depth_cm} cm.</source>
      <translation>Ninguna estación de '{title}' mide cerca de {depth_cm} cm.</translation>
    </message>
    <message>
      <source>No weather cell of the region {title!r} has {needed}.</source>
      <translation>Ninguna celda meteorológica de la región {title!r} tiene {needed}.</translation>
    </message>
    <message>
      <source>None of the stations lies inside the region '{title}'.</source>
      <translation>Ninguna de las estaciones está dentro de la región '{title}'.</translation>
    </message>
    <message>
      <source>None of the stations of {file} has a file.</source>
      <translation>Ninguna de las estaciones de {file} tiene archivo.</translation>
    </message>
    <message>
      <source>None of the {bad_texture:,} textures of the region {title!r} is in per cent and sums to 100 (the {unit} of sand, silt and clay).</source>
      <translation>Ninguna de las {bad_texture:,} texturas de la región {title!r} está en tanto por ciento y suma 100 (la {unit} de arena, limo y arcilla).</translation>
    </message>
    <message>
      <source>Not all tested packages exist for this Python: taking others of the range</source>
      <translation>No todos los paquetes probados existen para este Python: se toman otros del intervalo</translation>
    </message>
    <message>
      <source>Not tried, because an earlier step failed.</source>
      <translation>No se probó, porque falló un paso anterior.</translation>
    </message>
    <message>
      <source>Nothing of it was installed. Install again; where it stays so, ask whoever runs the package server there.</source>
      <translation>No se instaló nada de él. Instale de nuevo; si sigue así, pregunte a quien administra el servidor de paquetes de allí.</translation>
    </message>
    <message>
      <source>Nothing of it was installed. Try again; where it stays so, ask whoever runs your package server or proxy.</source>
      <translation>No se instaló nada de él. Inténtelo de nuevo; si sigue así, pregunte a quien administra su servidor de paquetes o su proxy.</translation>
    </message>
    <message>
      <source>Of the job's outputs these are missing or changed: {lost}{note}.</source>
      <translation>De los resultados del trabajo faltan o han cambiado estos: {lost}{note}.</translation>
    </message>
    <message>
      <source>Old archives do not mark good readings: 'flags: [G, U]' also takes those that were not judged.</source>
      <translation>Los archivos antiguos no marcan las lecturas buenas: 'flags: [G, U]' toma también las no evaluadas.</translation>
    </message>
    <message>
      <source>On Debian or Ubuntu install python3-venv; elsewhere install Python 3.12, then try again.</source>
      <translation>En Debian o Ubuntu instale python3-venv; en otros sistemas, Python 3.12, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>On Debian or Ubuntu install the package python3-venv, then try again.</source>
      <translation>En Debian o Ubuntu instale el paquete python3-venv e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Only gaps of up to {longest_gap_days} days are filled. Add another source to the recipe, or shorten its dates, and ingest again.</source>
      <translation>Solo se rellenan huecos de hasta {longest_gap_days} días. Añada otra fuente a la receta, o acorte sus fechas, y haga la ingesta de nuevo.</translation>
    </message>
    <message>
      <source>Only {free:.1f} GB are free in {home} on {title}; the engine needs {needed:.1f}.</source>
      <translation>Solo hay {free:.1f} GB libres en {home} en {title}; el motor necesita {needed:.1f}.</translation>
    </message>
    <message>
      <source>Only {free:.1f} GB are free in {home}; the engine needs {needed:.1f}.</source>
      <translation>Solo hay {free:.1f} GB libres en {home}; el motor necesita {needed:.1f}.</translation>
    </message>
    <message>
      <source>Only {gigabytes:.1f} GB are free in {home}.</source>
      <translation>Solo hay {gigabytes:.1f} GB libres en {home}.</translation>
    </message>
    <message>
      <source>Only {gigabytes:.1f} GB are left of your quota in {home}.</source>
      <translation>Solo quedan {gigabytes:.1f} GB de su cuota en {home}.</translation>
    </message>
    <message>
      <source>Organic matter</source>
      <translation>Materia orgánica</translation>
    </message>
    <message>
      <source>Our column has no node layout of before October 2022.</source>
      <translation>Nuestra columna no tiene una disposición de nodos anterior a octubre de 2022.</translation>
    </message>
    <message>
      <source>Partition '{partition}' gives at most {limit} {what}; {wish} are asked for.</source>
      <translation>La partición '{partition}' da como máximo {limit} {what}; se piden {wish}.</translation>
    </message>
    <message>
      <source>Plants may have grown or been cut since then. Add newer data to the region for a better map.</source>
      <translation>Desde entonces las plantas pueden haber crecido o haberse segado. Añada datos más recientes a la región para obtener un mapa mejor.</translation>
    </message>
    <message>
      <source>Please send the details to the developers.</source>
      <translation>Envíe los detalles a los desarrolladores.</translation>
    </message>
    <message>
      <source>Please send the engine's messages to the developers.</source>
      <translation>Envíe los mensajes del motor a los desarrolladores.</translation>
    </message>
    <message>
      <source>Precipitation minus PET of 30 days</source>
      <translation>Precipitación menos PET de 30 días</translation>
    </message>
    <message>
      <source>Precipitation minus PET of 7 days</source>
      <translation>Precipitación menos PET de 7 días</translation>
    </message>
    <message>
      <source>Precipitation of 3 days</source>
      <translation>Precipitación de 3 días</translation>
    </message>
    <message>
      <source>Precipitation of 30 days</source>
      <translation>Precipitación de 30 días</translation>
    </message>
    <message>
      <source>Precipitation of 7 days</source>
      <translation>Precipitación de 7 días</translation>
    </message>
    <message>
      <source>Precipitation of the day</source>
      <translation>Precipitación del día</translation>
    </message>
    <message>
      <source>Precipitation, PET and temperature do not cover the same places and days.</source>
      <translation>La precipitación, la PET y la temperatura no cubren los mismos lugares y días.</translation>
    </message>
    <message>
      <source>Programs cannot be run from {folder}: {problem}</source>
      <translation>No se pueden ejecutar programas desde {folder}: {problem}</translation>
    </message>
    <message>
      <source>Put the daily weather of every point there.</source>
      <translation>Ponga allí la meteorología diaria de cada punto.</translation>
    </message>
    <message>
      <source>Reference evapotranspiration (grass)</source>
      <translation>Evapotranspiración de referencia (hierba)</translation>
    </message>
    <message>
      <source>Reference evapotranspiration of 30 days</source>
      <translation>Evapotranspiración de referencia de 30 días</translation>
    </message>
    <message>
      <source>Reference evapotranspiration of 7 days</source>
      <translation>Evapotranspiración de referencia de 7 días</translation>
    </message>
    <message>
      <source>Register it first, see networks/registry.py.</source>
      <translation>Regístrela antes; vea networks/registry.py.</translation>
    </message>
    <message>
      <source>Remove it, or replace it by one.</source>
      <translation>Elimínelo o sustitúyalo por uno.</translation>
    </message>
    <message>
      <source>Remove one of them.</source>
      <translation>Elimine uno de ellos.</translation>
    </message>
    <message>
      <source>Remove something there, or choose another folder, for example on the cluster's work disk.</source>
      <translation>Borre algo allí o elija otra carpeta, por ejemplo en el disco de trabajo del clúster.</translation>
    </message>
    <message>
      <source>Remove the old labels first: run with --restart and without --shard.</source>
      <translation>Elimine antes las etiquetas antiguas: ejecute con --restart y sin --shard.</translation>
    </message>
    <message>
      <source>Rename or remove that file first.</source>
      <translation>Cambie antes el nombre de ese archivo o elimínelo.</translation>
    </message>
    <message>
      <source>Rename the file and add the regions again; the stores themselves are untouched.</source>
      <translation>Cambie el nombre del archivo y añada las regiones de nuevo; los almacenes no se tocan.</translation>
    </message>
    <message>
      <source>Rename the model on the host.</source>
      <translation>Cambie el nombre del modelo en el servidor.</translation>
    </message>
    <message>
      <source>Repair the package, or remove it.</source>
      <translation>Repare el paquete, o elimínelo.</translation>
    </message>
    <message>
      <source>Requeued; it starts again soon</source>
      <translation>De nuevo en la cola; pronto vuelve a empezar</translation>
    </message>
    <message>
      <source>Residual water content</source>
      <translation>Contenido residual de agua</translation>
    </message>
    <message>
      <source>Run APSIM of a later version, or only read these reports.</source>
      <translation>Ejecute APSIM de una versión posterior, o lea solo estos informes.</translation>
    </message>
    <message>
      <source>Run APSIM on the files first: deepsoil apsim run.</source>
      <translation>Ejecute antes APSIM con los archivos: deepsoil apsim run.</translation>
    </message>
    <message>
      <source>Run APSIM on the project's own files.</source>
      <translation>Ejecute APSIM con los archivos del proyecto.</translation>
    </message>
    <message>
      <source>Run again: files that are done are not run twice.</source>
      <translation>Ejecute de nuevo: los archivos terminados no se ejecutan dos veces.</translation>
    </message>
    <message>
      <source>Run it again to continue.</source>
      <translation>Ejecútelo de nuevo para continuar.</translation>
    </message>
    <message>
      <source>Run it again, it continues: deepsoil simulate {path}</source>
      <translation>Ejecútelo de nuevo, continúa: deepsoil simulate {path}</translation>
    </message>
    <message>
      <source>Run it again.</source>
      <translation>Ejecútelo de nuevo.</translation>
    </message>
    <message>
      <source>Run the same `deepsoil ingest` or `deepsoil sample` again; it starts over.</source>
      <translation>Ejecute otra vez el mismo `deepsoil ingest` o `deepsoil sample`; empieza de nuevo.</translation>
    </message>
    <message>
      <source>Run this command as a task of a job array, or add --index.</source>
      <translation>Ejecute este comando como tarea de una matriz de trabajos, o añada --index.</translation>
    </message>
    <message>
      <source>Running</source>
      <translation>En ejecución</translation>
    </message>
    <message>
      <source>Running, {done} of {total} done</source>
      <translation>En ejecución, {done} de {total} terminadas</translation>
    </message>
    <message>
      <source>SMAP surface soil moisture</source>
      <translation>Humedad superficial del suelo de SMAP</translation>
    </message>
    <message>
      <source>SWIM3 takes DUL at a suction between 1 and {largest_dul_suction_cm:g} cm, not {dul_suction_cm:g}.</source>
      <translation>SWIM3 admite DUL a una succión entre 1 y {largest_dul_suction_cm:g} cm, no {dul_suction_cm:g}.</translation>
    </message>
    <message>
      <source>SWIM3 takes a KDul between {low:g} and {high:g} mm/day, not {kdul_mm_per_day:g}.</source>
      <translation>SWIM3 admite un KDul entre {low:g} y {high:g} mm/día, no {kdul_mm_per_day:g}.</translation>
    </message>
    <message>
      <source>Sand</source>
      <translation>Arena</translation>
    </message>
    <message>
      <source>Saturated hydraulic conductivity</source>
      <translation>Conductividad hidráulica saturada</translation>
    </message>
    <message>
      <source>Saturated water content</source>
      <translation>Contenido de agua en saturación</translation>
    </message>
    <message>
      <source>Save the outline of the area as GeoJSON, or give a box.</source>
      <translation>Guarde el contorno del área como GeoJSON, o indique un recuadro.</translation>
    </message>
    <message>
      <source>See resources/recipes for an example.</source>
      <translation>Vea un ejemplo en resources/recipes.</translation>
    </message>
    <message>
      <source>See what ~/.bashrc loads (conda, modules). Every exchange with this host takes that much longer.</source>
      <translation>Revise qué carga ~/.bashrc (conda, módulos). Cada comunicación con este servidor tarda ese tiempo de más.</translation>
    </message>
    <message>
      <source>Send an object with schema, id, kind, name.</source>
      <translation>Envíe un objeto con schema, id, kind, name.</translation>
    </message>
    <message>
      <source>Send it again as a new job.</source>
      <translation>Envíelo de nuevo como otro trabajo.</translation>
    </message>
    <message>
      <source>Send it as several jobs.</source>
      <translation>Envíelo como varios trabajos.</translation>
    </message>
    <message>
      <source>Send the job again later, or choose a partition or QOS that is not preempted.</source>
      <translation>Envíe el trabajo de nuevo más tarde o elija una partición o QOS que no se interrumpa.</translation>
    </message>
    <message>
      <source>Send the job again to get them back.</source>
      <translation>Envíe el trabajo de nuevo para recuperarlos.</translation>
    </message>
    <message>
      <source>Send the job again with more minutes for a task, or split it into more tasks.</source>
      <translation>Envíe el trabajo de nuevo con más minutos por tarea o divídalo en más tareas.</translation>
    </message>
    <message>
      <source>Send the job again.</source>
      <translation>Envíe el trabajo de nuevo.</translation>
    </message>
    <message>
      <source>Send the job again; tell the cluster's administrator if it happens often.</source>
      <translation>Envíe el trabajo de nuevo; avise al administrador del clúster si ocurre a menudo.</translation>
    </message>
    <message>
      <source>Send the job again; what it has finished is kept.</source>
      <translation>Envíe el trabajo de nuevo; lo que había terminado se conserva.</translation>
    </message>
    <message>
      <source>Sending to {host}</source>
      <translation>Enviándose a {host}</translation>
    </message>
    <message>
      <source>Sending {file}</source>
      <translation>Enviando {file}</translation>
    </message>
    <message>
      <source>Sent to {host}</source>
      <translation>Enviado a {host}</translation>
    </message>
    <message>
      <source>Set DEEPSOIL_HOME to a folder whose name has no such characters.</source>
      <translation>Indique en DEEPSOIL_HOME una carpeta cuyo nombre no tenga esos caracteres.</translation>
    </message>
    <message>
      <source>Set DeepSoil up again on this computer, then install on the host again.</source>
      <translation>Configure DeepSoil de nuevo en este equipo, e instale de nuevo en el servidor.</translation>
    </message>
    <message>
      <source>Set HTTPS_PROXY with user and password in ~/.bashrc there, then install again.</source>
      <translation>Ponga HTTPS_PROXY con usuario y contraseña en ~/.bashrc del servidor e instale de nuevo.</translation>
    </message>
    <message>
      <source>Set HTTPS_PROXY with user and password, then try again.</source>
      <translation>Ponga HTTPS_PROXY con usuario y contraseña e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Set the unit to {says!r}, or, if the file is wrong, correct its attribute `units`.</source>
      <translation>Ponga la unidad {says!r} o, si el archivo está mal, corrija su atributo `units`.</translation>
    </message>
    <message>
      <source>Set weather.root in the configuration to the folder of the series.</source>
      <translation>Ponga en weather.root, en la configuración, la carpeta de las series.</translation>
    </message>
    <message>
      <source>Several jobs begin with '{start}'.</source>
      <translation>Varios trabajos empiezan por '{start}'.</translation>
    </message>
    <message>
      <source>Several regions cover the area: {covering}.</source>
      <translation>Varias regiones cubren el área: {covering}.</translation>
    </message>
    <message>
      <source>Silt</source>
      <translation>Limo</translation>
    </message>
    <message>
      <source>Simplify the area, or send it in parts.</source>
      <translation>Simplifique el área, o envíela por partes.</translation>
    </message>
    <message>
      <source>Simulated {done:,} of {total:,} soil columns</source>
      <translation>Simuladas {done:,} de {total:,} columnas de suelo</translation>
    </message>
    <message>
      <source>Slope</source>
      <translation>Pendiente</translation>
    </message>
    <message>
      <source>Slurm is cleaning up after its earlier run</source>
      <translation>Slurm está limpiando lo que dejó su ejecución anterior</translation>
    </message>
    <message>
      <source>Slurm is there and does not answer: {said}</source>
      <translation>Slurm está instalado y no responde: {said}</translation>
    </message>
    <message>
      <source>Slurm no longer accepts its account or QOS ({reason})</source>
      <translation>Slurm ya no acepta su cuenta o QOS ({reason})</translation>
    </message>
    <message>
      <source>Slurm shows you no partition '{name}'.</source>
      <translation>Slurm no le muestra ninguna partición '{name}'.</translation>
    </message>
    <message>
      <source>Slurm was not found there.</source>
      <translation>No se encontró Slurm allí.</translation>
    </message>
    <message>
      <source>Slurm would refuse the jobs: it does not say why.</source>
      <translation>Slurm rechazaría los trabajos: no dice por qué.</translation>
    </message>
    <message>
      <source>Slurm would refuse the jobs: {words}</source>
      <translation>Slurm rechazaría los trabajos: {words}</translation>
    </message>
    <message>
      <source>Slurm {version} takes such jobs: {nodes} nodes in partition '{partition}', up to {gpus} GPUs.</source>
      <translation>Slurm {version} acepta estos trabajos: {nodes} nodos en la partición '{partition}', hasta {gpus} GPU.</translation>
    </message>
    <message>
      <source>Slurm {version} takes such jobs: {nodes} nodes in partition '{partition}'.</source>
      <translation>Slurm {version} acepta estos trabajos: {nodes} nodos en la partición '{partition}'.</translation>
    </message>
    <message>
      <source>Something else lies where a file or folder of DeepSoil belongs. Move it away, then try again.</source>
      <translation>Hay otra cosa en el lugar de un archivo o una carpeta de DeepSoil. Muévala a otro sitio e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Split it there and request the two parts one after the other.</source>
      <translation>Divídala allí y pida las dos partes una tras otra.</translation>
    </message>
    <message>
      <source>Starting</source>
      <translation>Iniciando</translation>
    </message>
    <message>
      <source>Starting the installation</source>
      <translation>Iniciando la instalación</translation>
    </message>
    <message>
      <source>Stations</source>
      <translation>Estaciones</translation>
    </message>
    <message>
      <source>Stopped</source>
      <translation>Detenido</translation>
    </message>
    <message>
      <source>Stopped, because {reason}</source>
      <translation>Detenido, porque {reason}</translation>
    </message>
    <message>
      <source>Stopping</source>
      <translation>Deteniéndose</translation>
    </message>
    <message>
      <source>Such jobs would never start. Ask for less, or choose another partition: {names}.</source>
      <translation>Estos trabajos esperarían indefinidamente. Pida menos o elija otra partición: {names}.</translation>
    </message>
    <message>
      <source>Swap the two dates.</source>
      <translation>Intercambie las dos fechas.</translation>
    </message>
    <message>
      <source>Testing the engine</source>
      <translation>Probando el motor</translation>
    </message>
    <message>
      <source>Texture cannot be snapped to steps of {texture_step} %.</source>
      <translation>La textura no se puede ajustar a pasos de {texture_step} %.</translation>
    </message>
    <message>
      <source>The ProxyCommand {command} cannot be run ({reason}).</source>
      <translation>No se puede ejecutar el ProxyCommand {command} ({reason}).</translation>
    </message>
    <message>
      <source>The Python environment could not be created.</source>
      <translation>No se ha podido crear el entorno de Python.</translation>
    </message>
    <message>
      <source>The SSH configuration {file} cannot be used ({detail}).</source>
      <translation>La configuración de SSH {file} no se puede usar ({detail}).</translation>
    </message>
    <message>
      <source>The account may have no shell, or be allowed one command only: ask the administrators.</source>
      <translation>Quizá la cuenta no tenga consola o solo permita una orden: consulte a los administradores.</translation>
    </message>
    <message>
      <source>The accounting of {scheduler} does not answer: {detail}</source>
      <translation>El registro de trabajos de {scheduler} no responde: {detail}</translation>
    </message>
    <message>
      <source>The answer of the engine there to '{method}' cannot be read ({detail}).</source>
      <translation>No se puede leer la respuesta del motor de allí a «{method}» ({detail}).</translation>
    </message>
    <message>
      <source>The answer of the engine there to '{method}' cannot be used: {field}: {detail}.</source>
      <translation>No se puede usar la respuesta del motor de allí a «{method}»: {field}: {detail}.</translation>
    </message>
    <message>
      <source>The answer of the engine there to '{method}' is not a {expected}.</source>
      <translation>La respuesta del motor de allí a «{method}» no es lo esperado ({expected}).</translation>
    </message>
    <message>
      <source>The answer to '{method}' cannot be sent ({error}).</source>
      <translation>No se puede enviar la respuesta a «{method}» ({error}).</translation>
    </message>
    <message>
      <source>The answers cannot be used.</source>
      <translation>Las respuestas no se pueden usar.</translation>
    </message>
    <message>
      <source>The area crosses the date line (180° of longitude).</source>
      <translation>El área cruza la línea de cambio de fecha (180° de longitud).</translation>
    </message>
    <message>
      <source>The area has no size: its corners lie on one line.</source>
      <translation>El área no tiene superficie: sus vértices están en línea recta.</translation>
    </message>
    <message>
      <source>The area has {pixels:,.0f} million pixels; for {dates} this computer would need about {hours:,.0f} hours.</source>
      <translation>El área tiene {pixels:,.0f} millones de píxeles; para {dates} este equipo necesitaría unas {hours:,.0f} horas.</translation>
    </message>
    <message>
      <source>The area is too far from where {name} can be used.</source>
      <translation>El área está demasiado lejos de donde se puede usar {name}.</translation>
    </message>
    <message>
      <source>The area lies outside the region '{region}', which begins {distance} to the {direction}.</source>
      <translation>El área está fuera de la región '{region}', que empieza a {distance} al {direction}.</translation>
    </message>
    <message>
      <source>The area lies outside the region {title!r}.</source>
      <translation>El área está fuera de la región {title!r}.</translation>
    </message>
    <message>
      <source>The area reaches beyond {max_latitude:.2f}° of latitude.</source>
      <translation>El área pasa de {max_latitude:.2f}° de latitud.</translation>
    </message>
    <message>
      <source>The certificate of the package server was not accepted there.</source>
      <translation>El certificado del servidor de paquetes no se ha aceptado en el servidor.</translation>
    </message>
    <message>
      <source>The choice of pixels was stopped; nothing was changed.</source>
      <translation>La elección de píxeles se ha detenido; no se ha cambiado nada.</translation>
    </message>
    <message>
      <source>The columns of the weather are empty or of different lengths.</source>
      <translation>Las columnas de la meteorología están vacías o tienen longitudes distintas.</translation>
    </message>
    <message>
      <source>The computer's memory was not enough for this job.</source>
      <translation>La memoria del equipo no ha bastado para este trabajo.</translation>
    </message>
    <message>
      <source>The computer's memory was not enough.</source>
      <translation>La memoria del equipo no ha bastado.</translation>
    </message>
    <message>
      <source>The computers are being prepared</source>
      <translation>Los equipos se están preparando</translation>
    </message>
    <message>
      <source>The computers that it needs are reserved or out of service, often for maintenance</source>
      <translation>Los equipos que necesita están reservados o fuera de servicio, a menudo por mantenimiento</translation>
    </message>
    <message>
      <source>The connection to {title} was lost before the answer arrived.</source>
      <translation>La conexión con {title} se ha roto antes de llegar la respuesta.</translation>
    </message>
    <message>
      <source>The connection to {title} was lost.</source>
      <translation>Se ha perdido la conexión con {title}.</translation>
    </message>
    <message>
      <source>The connection was lost ({name}: {error}).</source>
      <translation>La conexión se ha roto ({name}: {error}).</translation>
    </message>
    <message>
      <source>The connection was lost{detail}</source>
      <translation>Se ha perdido la conexión{detail}</translation>
    </message>
    <message>
      <source>The corner {corner} is not a longitude and latitude in degrees.</source>
      <translation>El vértice {corner} no es una longitud y latitud en grados.</translation>
    </message>
    <message>
      <source>The covariate store {path} has schema {found}, but this engine reads schema {known}.</source>
      <translation>El almacén de covariables {path} tiene el esquema {found}, pero este motor lee el esquema {known}.</translation>
    </message>
    <message>
      <source>The covariate store {path} is damaged: {what}.</source>
      <translation>El almacén de covariables {path} está dañado: {what}.</translation>
    </message>
    <message>
      <source>The covariate store {path} is incomplete: the program that wrote it stopped before the end.</source>
      <translation>El almacén de covariables {path} está incompleto: el programa que lo escribía se detuvo antes del final.</translation>
    </message>
    <message>
      <source>The disk could not be read or written: {error}.</source>
      <translation>No se pudo leer o escribir en el disco: {error}.</translation>
    </message>
    <message>
      <source>The disk is full.</source>
      <translation>El disco está lleno.</translation>
    </message>
    <message>
      <source>The disk is full: free some space</source>
      <translation>El disco está lleno: libere espacio</translation>
    </message>
    <message>
      <source>The disk of {parent} is full; the store was not written.</source>
      <translation>El disco de {parent} está lleno; el almacén no se ha escrito.</translation>
    </message>
    <message>
      <source>The disk of {path} is full. What was simulated so far is kept.</source>
      <translation>El disco de {path} está lleno. Lo simulado hasta ahora se conserva.</translation>
    </message>
    <message>
      <source>The disk or the quota there is full.</source>
      <translation>El disco o la cuota del servidor están agotados.</translation>
    </message>
    <message>
      <source>The disk with {folder} can only be read at present.</source>
      <translation>El disco que contiene {folder} es ahora de solo lectura.</translation>
    </message>
    <message>
      <source>The disk with {folder} does not support locks ({detail}), so that two installations could disturb each other.</source>
      <translation>El disco que contiene {folder} no admite bloqueos ({detail}), y dos instalaciones podrían estorbarse.</translation>
    </message>
    <message>
      <source>The disk with {folder} has {free:,.0f} MB left; the next map needs {bytes_needed:,.0f} MB.</source>
      <translation>En el disco de {folder} quedan {free:,.0f} MB; el próximo mapa necesita {bytes_needed:,.0f} MB.</translation>
    </message>
    <message>
      <source>The disk with {folder} is full.</source>
      <translation>El disco de {folder} está lleno.</translation>
    </message>
    <message>
      <source>The engine could not be packed for other hosts: {detail}</source>
      <translation>No se ha podido empaquetar el motor para otros servidores: {detail}</translation>
    </message>
    <message>
      <source>The engine has no method '{method}'.</source>
      <translation>El motor no tiene el método '{method}'.</translation>
    </message>
    <message>
      <source>The engine is being installed on {title} already.</source>
      <translation>El motor ya se está instalando en {title}.</translation>
    </message>
    <message>
      <source>The engine is installed</source>
      <translation>El motor está instalado</translation>
    </message>
    <message>
      <source>The engine is ready</source>
      <translation>El motor está listo</translation>
    </message>
    <message>
      <source>The engine needs 1.5 GB, with training 6 GB; below {enough:.0f} GB there may not be enough.</source>
      <translation>El motor necesita 1,5 GB, con entrenamiento 6 GB; con menos de {enough:.0f} GB quizá no alcance.</translation>
    </message>
    <message>
      <source>The engine on {title} is too old for this version.</source>
      <translation>El motor de {title} es demasiado antiguo para esta versión.</translation>
    </message>
    <message>
      <source>The engine on {title} is version {engine} and uses another version of the contract than this computer's engine, {version}.</source>
      <translation>El motor de {title} es la versión {engine} y usa otra versión del contrato que el motor de este equipo, {version}.</translation>
    </message>
    <message>
      <source>The engine on {title} sends more than {limit} events a second; the connection was cut.</source>
      <translation>El motor de {title} envía más de {limit} eventos por segundo; se cortó la conexión.</translation>
    </message>
    <message>
      <source>The engine there did not answer '{method}' within {timeout_s:.0f} s.</source>
      <translation>El motor remoto no ha respondido a '{method}' en {timeout_s:.0f} s.</translation>
    </message>
    <message>
      <source>The engine there does not give its version.</source>
      <translation>El motor de allí no indica su versión.</translation>
    </message>
    <message>
      <source>The engine there does not start.</source>
      <translation>El motor no arranca allí.</translation>
    </message>
    <message>
      <source>The engine there ended (exit code {exit_code}){detail}</source>
      <translation>El motor remoto ha terminado (código de salida {exit_code}){detail}</translation>
    </message>
    <message>
      <source>The engine there is asked again.</source>
      <translation>Se pregunta de nuevo al motor remoto.</translation>
    </message>
    <message>
      <source>The engine there is version {version}, this computer's is {own}: no jobs are sent.</source>
      <translation>El motor de allí es la versión {version} y el de este equipo, la {own}: no se envían trabajos.</translation>
    </message>
    <message>
      <source>The engine there is {version}, this computer's is {own}: no jobs are sent.</source>
      <translation>El motor de allí es {version} y el de este equipo, {own}: no se envían trabajos.</translation>
    </message>
    <message>
      <source>The engine there sent a job that cannot be used: {detail}.</source>
      <translation>El motor de allí envió un trabajo que no se puede usar: {detail}.</translation>
    </message>
    <message>
      <source>The engine there sent a job that cannot be used: {field}: {detail}.</source>
      <translation>El motor de allí envió un trabajo que no se puede usar: {field}: {detail}.</translation>
    </message>
    <message>
      <source>The engine there sent a line of more than {limit} MiB; the connection was cut.</source>
      <translation>El motor de allí envió una línea de más de {limit} MiB; se cortó la conexión.</translation>
    </message>
    <message>
      <source>The engine there sent an error that cannot be read.</source>
      <translation>El motor remoto ha enviado un error que no se puede leer.</translation>
    </message>
    <message>
      <source>The engine there sent no list of jobs.</source>
      <translation>El motor remoto no ha enviado una lista de trabajos.</translation>
    </message>
    <message>
      <source>The engine {version} is installed.</source>
      <translation>El motor {version} está instalado.</translation>
    </message>
    <message>
      <source>The engine's environment could not be written: {detail}.</source>
      <translation>No se ha podido escribir el entorno del motor: {detail}.</translation>
    </message>
    <message>
      <source>The engine's messages have the details; please send them to the developers.</source>
      <translation>Los mensajes del motor tienen los detalles; envíelos a los desarrolladores.</translation>
    </message>
    <message>
      <source>The engine's packages could not be installed.</source>
      <translation>No se han podido instalar los paquetes del motor.</translation>
    </message>
    <message>
      <source>The file '{name}' has another checksum than the job recorded.</source>
      <translation>El archivo '{name}' tiene otra suma de comprobación que la que registró el trabajo.</translation>
    </message>
    <message>
      <source>The file {area} has no polygons.</source>
      <translation>El archivo {area} no tiene polígonos.</translation>
    </message>
    <message>
      <source>The file {file} of the job '{job}' {detail}.</source>
      <translation>El archivo {file} del trabajo '{job}' {detail}.</translation>
    </message>
    <message>
      <source>The file {name} ({where}) was not found in {root}.</source>
      <translation>El archivo {name} ({where}) no se ha encontrado en {root}.</translation>
    </message>
    <message>
      <source>The file {path} cannot be read: {strerror}.</source>
      <translation>No se puede leer el archivo {path}: {strerror}.</translation>
    </message>
    <message>
      <source>The file {path} is no longer there, or cannot be read.</source>
      <translation>El archivo {path} ya no está, o no se puede leer.</translation>
    </message>
    <message>
      <source>The file {path} is not JSON: {error}.</source>
      <translation>El archivo {path} no es JSON: {error}.</translation>
    </message>
    <message>
      <source>The file {path} is not the one that the job made.</source>
      <translation>El archivo {path} no es el que hizo el trabajo.</translation>
    </message>
    <message>
      <source>The file {path} with a part of a map cannot be used: {error}.</source>
      <translation>El archivo {path} con una parte de un mapa no se puede usar: {error}.</translation>
    </message>
    <message>
      <source>The files cannot be written to {target}: {detail}.</source>
      <translation>No se pueden escribir los archivos en {target}: {detail}.</translation>
    </message>
    <message>
      <source>The files need {needed:,.0f} MB, and the disk with {folder} has {free:,.0f} MB left.</source>
      <translation>Los archivos necesitan {needed:,.0f} MB, y en el disco de {folder} quedan {free:,.0f} MB.</translation>
    </message>
    <message>
      <source>The first one said: {first_error}</source>
      <translation>La primera decía: {first_error}</translation>
    </message>
    <message>
      <source>The folder {folder} cannot be written: {detail}.</source>
      <translation>No se puede escribir en la carpeta {folder}: {detail}.</translation>
    </message>
    <message>
      <source>The folder {folder} was last used by a newer version of DeepSoil ({engine}).</source>
      <translation>La carpeta {folder} la usó por última vez una versión más reciente de DeepSoil ({engine}).</translation>
    </message>
    <message>
      <source>The folder {home} there cannot be made or written.</source>
      <translation>La carpeta {home} no se puede crear o escribir allí.</translation>
    </message>
    <message>
      <source>The folder {home}/engine cannot be made on {title}: {detail}</source>
      <translation>No se puede crear la carpeta {home}/engine en {title}: {detail}</translation>
    </message>
    <message>
      <source>The free space there is not known.</source>
      <translation>No se conoce el espacio libre allí.</translation>
    </message>
    <message>
      <source>The graph of {name} does not take the channels of its contract.</source>
      <translation>El grafo de {name} no admite los canales de su contrato.</translation>
    </message>
    <message>
      <source>The grid of DeepSoil ends there; choose an area nearer to the equator.</source>
      <translation>La malla de DeepSoil termina ahí; elija un área más cercana al ecuador.</translation>
    </message>
    <message>
      <source>The highest temperature of {start} is below the lowest.</source>
      <translation>La temperatura máxima de {start} es menor que la mínima.</translation>
    </message>
    <message>
      <source>The host gives no size and checksum for '{name}'.</source>
      <translation>El servidor no da tamaño ni suma de comprobación de '{name}'.</translation>
    </message>
    <message>
      <source>The host offers a file named {name!r}, which would lie outside the job's folder.</source>
      <translation>El servidor ofrece un archivo llamado {name!r}, que quedaría fuera de la carpeta del trabajo.</translation>
    </message>
    <message>
      <source>The host refuses a further session on the connection ({error}).</source>
      <translation>El servidor rechaza otra sesión en la conexión ({error}).</translation>
    </message>
    <message>
      <source>The host sends data that was not asked for.</source>
      <translation>El servidor envía datos que no se han pedido.</translation>
    </message>
    <message>
      <source>The id '{id}' stands for this computer.</source>
      <translation>El identificador '{id}' representa este equipo.</translation>
    </message>
    <message>
      <source>The ingest was cancelled; nothing was changed.</source>
      <translation>La ingesta se ha cancelado; no se ha cambiado nada.</translation>
    </message>
    <message>
      <source>The installation could not be started: {detail}</source>
      <translation>No se ha podido iniciar la instalación: {detail}</translation>
    </message>
    <message>
      <source>The installation on {title} was stopped from outside.</source>
      <translation>La instalación en {title} se ha detenido desde fuera.</translation>
    </message>
    <message>
      <source>The installation was cancelled.</source>
      <translation>La instalación se ha cancelado.</translation>
    </message>
    <message>
      <source>The installed engine was not found.</source>
      <translation>No se ha encontrado el motor instalado.</translation>
    </message>
    <message>
      <source>The job '{id}' has no task {index}.</source>
      <translation>El trabajo '{id}' no tiene la tarea {index}.</translation>
    </message>
    <message>
      <source>The job asks for more than the partition {name} can give: {excess}.</source>
      <translation>El trabajo pide más de lo que puede dar la partición {name}: {excess}.</translation>
    </message>
    <message>
      <source>The job failed unexpectedly ({name}: {error}).</source>
      <translation>El trabajo ha fallado inesperadamente ({name}: {error}).</translation>
    </message>
    <message>
      <source>The job has no output '{name}'.</source>
      <translation>El trabajo no tiene el resultado '{name}'.</translation>
    </message>
    <message>
      <source>The job has no outputs yet.</source>
      <translation>El trabajo aún no tiene resultados.</translation>
    </message>
    <message>
      <source>The job has not ended.</source>
      <translation>El trabajo no ha terminado.</translation>
    </message>
    <message>
      <source>The job has {count} outputs; only the first {shown} are shown.</source>
      <translation>El trabajo tiene {count} resultados; solo se muestran los primeros {shown}.</translation>
    </message>
    <message>
      <source>The job has {count} tasks; {scheduler} allows {most} in one job.</source>
      <translation>El trabajo tiene {count} tareas; {scheduler} permite {most} en un trabajo.</translation>
    </message>
    <message>
      <source>The job was cancelled before it arrived here.</source>
      <translation>El trabajo se canceló antes de llegar aquí.</translation>
    </message>
    <message>
      <source>The job's folder cannot be made in {jobs}: {strerror}.</source>
      <translation>No se puede crear la carpeta del trabajo en {jobs}: {strerror}.</translation>
    </message>
    <message>
      <source>The job's folder cannot be removed: {strerror}.</source>
      <translation>No se puede eliminar la carpeta del trabajo: {strerror}.</translation>
    </message>
    <message>
      <source>The job's folder is damaged</source>
      <translation>La carpeta del trabajo está dañada</translation>
    </message>
    <message>
      <source>The job's log has the details; please send it to the developers. Finished outputs are kept.</source>
      <translation>El registro del trabajo tiene los detalles; envíelo a los desarrolladores. Los resultados terminados se conservan.</translation>
    </message>
    <message>
      <source>The job's process could not start ({why}).</source>
      <translation>El proceso del trabajo no se ha podido iniciar ({why}).</translation>
    </message>
    <message>
      <source>The job's process ended unexpectedly: it was stopped from outside, ran out of memory, or the computer was switched off.</source>
      <translation>El proceso del trabajo ha terminado inesperadamente: se detuvo desde fuera, se quedó sin memoria o el equipo se apagó.</translation>
    </message>
    <message>
      <source>The jump hosts of {host} lead in a circle: {jumps}.</source>
      <translation>Los servidores de salto de {host} forman un círculo: {jumps}.</translation>
    </message>
    <message>
      <source>The key of {title} ({shown}) is marked as revoked in {file}, line {line}.</source>
      <translation>La clave de {title} ({shown}) está marcada como revocada en {file}, línea {line}.</translation>
    </message>
    <message>
      <source>The key of {title} ({shown}) was not confirmed.</source>
      <translation>La clave de {title} ({shown}) no se ha confirmado.</translation>
    </message>
    <message>
      <source>The kinds are: {known}.</source>
      <translation>Los tipos son: {known}.</translation>
    </message>
    <message>
      <source>The known host keys in {path} cannot be read ({strerror}).</source>
      <translation>No se pueden leer las claves de servidor conocidas en {path} ({strerror}).</translation>
    </message>
    <message>
      <source>The labels belong into the store {path}, and it cannot be written: {strerror}.</source>
      <translation>Las etiquetas van en el almacén {path}, y no se puede escribir en él: {strerror}.</translation>
    </message>
    <message>
      <source>The labels hold no depth of {depth_cm:g} cm.</source>
      <translation>Las etiquetas no tienen la profundidad {depth_cm:g} cm.</translation>
    </message>
    <message>
      <source>The labels of the region {title!r} are not finished: {done} of {shards} parts are simulated.</source>
      <translation>Las etiquetas de la región {title!r} no están terminadas: se han simulado {done} de {shards} partes.</translation>
    </message>
    <message>
      <source>The labels of the region {title!r} cannot be read: {what}.</source>
      <translation>No se pueden leer las etiquetas de la región {title!r}: {what}.</translation>
    </message>
    <message>
      <source>The last day {end} is before the first day {start}.</source>
      <translation>El último día, {end}, es anterior al primero, {start}.</translation>
    </message>
    <message>
      <source>The layers of the soil column are not a list of increasing depths from 0.</source>
      <translation>Las capas de la columna de suelo no son una lista de profundidades crecientes desde 0.</translation>
    </message>
    <message>
      <source>The list of hosts {file} cannot be read ({detail}).</source>
      <translation>No se puede leer la lista de servidores {file} ({detail}).</translation>
    </message>
    <message>
      <source>The list of hosts {file} was written by a newer version.</source>
      <translation>La lista de servidores {file} la escribió una versión más reciente.</translation>
    </message>
    <message>
      <source>The list of regions {file} cannot be read ({detail}).</source>
      <translation>No se puede leer la lista de regiones {file} ({detail}).</translation>
    </message>
    <message>
      <source>The list of the job's outputs has {invalid} entries that are not outputs; they are left out.</source>
      <translation>La lista de resultados del trabajo tiene {invalid} entradas que no son resultados; se omiten.</translation>
    </message>
    <message>
      <source>The lock {path} cannot be opened: it belongs to {owner} ({strerror}).</source>
      <translation>El bloqueo {path} no se puede abrir: pertenece a {owner} ({strerror}).</translation>
    </message>
    <message>
      <source>The login on '{title}' uses a key, and no key file is named.</source>
      <translation>El inicio de sesión en '{title}' usa una clave, y no se indica ningún archivo de clave.</translation>
    </message>
    <message>
      <source>The login on {title} needs an answer that was not given.</source>
      <translation>El inicio de sesión en {title} necesita una respuesta que no se ha dado.</translation>
    </message>
    <message>
      <source>The login shell is slow: one command takes {seconds:.1f} s.</source>
      <translation>La consola de inicio es lenta: una orden tarda {seconds:.1f} s.</translation>
    </message>
    <message>
      <source>The login shell prints something: {line!r}.</source>
      <translation>La consola de inicio escribe algo: {line!r}.</translation>
    </message>
    <message>
      <source>The map {name} could not be written: {error}.</source>
      <translation>No se ha podido escribir el mapa {name}: {error}.</translation>
    </message>
    <message>
      <source>The memory of the GPU was not enough: {error}.</source>
      <translation>La memoria de la GPU no ha bastado: {error}.</translation>
    </message>
    <message>
      <source>The model '{model}' is for {model_depth_cm} cm.</source>
      <translation>El modelo '{model}' es para {model_depth_cm} cm.</translation>
    </message>
    <message>
      <source>The model file {path} cannot be read: it is damaged or not ONNX.</source>
      <translation>No se puede leer el archivo de modelo {path}: está dañado o no es ONNX.</translation>
    </message>
    <message>
      <source>The model file {path} cannot be used ({error}).</source>
      <translation>No se puede usar el archivo de modelo {path} ({error}).</translation>
    </message>
    <message>
      <source>The model needs the channel {name!r}, which this engine does not know.</source>
      <translation>El modelo necesita el canal {name!r}, que este motor no conoce.</translation>
    </message>
    <message>
      <source>The model {name} has no description of its inputs (contract).</source>
      <translation>El modelo {name} no tiene la descripción de sus entradas (contrato).</translation>
    </message>
    <message>
      <source>The model {source} does not fit this engine: {problems}.</source>
      <translation>El modelo {source} no es adecuado para este motor: {problems}.</translation>
    </message>
    <message>
      <source>The model {source} has no valid contract: {where}: {detail}.</source>
      <translation>El modelo {source} no tiene un contrato válido: {where}: {detail}.</translation>
    </message>
    <message>
      <source>The model's name {model!r} cannot be the name of a file.</source>
      <translation>El nombre {model!r} del modelo no puede ser el nombre de un archivo.</translation>
    </message>
    <message>
      <source>The name of DeepSoil's folder {folder} is not valid UTF-8.</source>
      <translation>El nombre de la carpeta {folder} de DeepSoil no es UTF-8 válido.</translation>
    </message>
    <message>
      <source>The network {location} has no name.</source>
      <translation>La red {location} no tiene nombre.</translation>
    </message>
    <message>
      <source>The newest {channel} is {age} days older than {day}.</source>
      <translation>El dato más reciente de {channel} es {age} días anterior al {day}.</translation>
    </message>
    <message>
      <source>The nodes of the soil column do not lie in their layers.</source>
      <translation>Los nodos de la columna de suelo no están en sus capas.</translation>
    </message>
    <message>
      <source>The outputs of this computer's jobs are here already. Look in the list of jobs.</source>
      <translation>Los resultados de los trabajos de este equipo ya están aquí. Mire en la lista de trabajos.</translation>
    </message>
    <message>
      <source>The package '{package}' is not installed. It belongs to the extra '{extra}' of the engine.</source>
      <translation>El paquete '{package}' no está instalado. Pertenece al extra '{extra}' del motor.</translation>
    </message>
    <message>
      <source>The package rosetta-soil is not installed.</source>
      <translation>El paquete rosetta-soil no está instalado.</translation>
    </message>
    <message>
      <source>The package server could not be reached from there.</source>
      <translation>No se ha podido llegar al servidor de paquetes desde el servidor.</translation>
    </message>
    <message>
      <source>The package server could not be reached.</source>
      <translation>No se ha podido llegar al servidor de paquetes.</translation>
    </message>
    <message>
      <source>The package server's certificate was not accepted.</source>
      <translation>El certificado del servidor de paquetes no se ha aceptado.</translation>
    </message>
    <message>
      <source>The parameter '{name}' cannot be used.</source>
      <translation>El parámetro '{name}' no se puede usar.</translation>
    </message>
    <message>
      <source>The parameter '{name}' is missing.</source>
      <translation>Falta el parámetro '{name}'.</translation>
    </message>
    <message>
      <source>The partition is out of service for now</source>
      <translation>La partición está fuera de servicio por ahora</translation>
    </message>
    <message>
      <source>The partitions are: {known}. Check the spelling.</source>
      <translation>Las particiones son: {known}. Compruebe la ortografía.</translation>
    </message>
    <message>
      <source>The passphrase of {file} was wrong {tries} times.</source>
      <translation>La frase de contraseña de {file} ha sido incorrecta {tries} veces.</translation>
    </message>
    <message>
      <source>The path '{path}' is not absolute.</source>
      <translation>La ruta '{path}' no es absoluta.</translation>
    </message>
    <message>
      <source>The plan {path} of the job's tasks is missing or cannot be read.</source>
      <translation>El plan {path} de las tareas del trabajo falta o no se puede leer.</translation>
    </message>
    <message>
      <source>The plugin's folder is incomplete: remove DeepSoil in the plugin manager and install it again.</source>
      <translation>La carpeta del complemento está incompleta: elimine DeepSoil en el administrador de complementos e instálelo de nuevo.</translation>
    </message>
    <message>
      <source>The points {path} cannot be read: {strerror}.</source>
      <translation>No se pueden leer los puntos {path}: {strerror}.</translation>
    </message>
    <message>
      <source>The private key {file} cannot be read ({detail}).</source>
      <translation>No se puede leer la clave privada {file} ({detail}).</translation>
    </message>
    <message>
      <source>The processes of the training ended with code {exit_code}.</source>
      <translation>Los procesos del entrenamiento han terminado con el código {exit_code}.</translation>
    </message>
    <message>
      <source>The proxy asks for a password.</source>
      <translation>El proxy pide una contraseña.</translation>
    </message>
    <message>
      <source>The proxy there asks for a password.</source>
      <translation>El proxy del servidor pide una contraseña.</translation>
    </message>
    <message>
      <source>The question is no longer open.</source>
      <translation>La pregunta ya no está abierta.</translation>
    </message>
    <message>
      <source>The queues are: {known}. Check the spelling.</source>
      <translation>Las colas son: {known}. Compruebe la ortografía.</translation>
    </message>
    <message>
      <source>The recipe {path} cannot be read: {error}.</source>
      <translation>No se puede leer la receta {path}: {error}.</translation>
    </message>
    <message>
      <source>The region '{title}' has no station '{name}'.</source>
      <translation>La región '{title}' no tiene la estación '{name}'.</translation>
    </message>
    <message>
      <source>The region '{title}' has no stations to learn from.</source>
      <translation>La región '{title}' no tiene estaciones de las que aprender.</translation>
    </message>
    <message>
      <source>The region '{title}' has no stations.</source>
      <translation>La región '{title}' no tiene estaciones.</translation>
    </message>
    <message>
      <source>The region has no data for: {channels}. The model uses the mean of its training data instead.</source>
      <translation>La región no tiene datos de: {channels}. El modelo usa en su lugar la media de sus datos de entrenamiento.</translation>
    </message>
    <message>
      <source>The region has no station '{station}'.</source>
      <translation>La región no tiene la estación '{station}'.</translation>
    </message>
    <message>
      <source>The region {title!r} has labels made with other settings: {detail}.</source>
      <translation>La región {title!r} tiene etiquetas hechas con otros ajustes: {detail}.</translation>
    </message>
    <message>
      <source>The region {title!r} has no 30 days of weather in a row.</source>
      <translation>La región {title!r} no tiene 30 días seguidos de meteorología.</translation>
    </message>
    <message>
      <source>The region {title!r} has no channel {channel!r}.</source>
      <translation>La región {title!r} no tiene el canal {channel!r}.</translation>
    </message>
    <message>
      <source>The region {title!r} has no channel {channels}, which the model cannot do without.</source>
      <translation>La región {title!r} no tiene el canal {channels}, imprescindible para el modelo.</translation>
    </message>
    <message>
      <source>The region {title!r} has no pixel with texture, weather and soil ({no_texture:,} pixels without texture, {no_soil:,} of water or ice).</source>
      <translation>La región {title!r} no tiene ningún píxel con textura, meteorología y suelo ({no_texture:,} píxeles sin textura, {no_soil:,} de agua o hielo).</translation>
    </message>
    <message>
      <source>The region {title!r} has no simulated labels.</source>
      <translation>La región {title!r} no tiene etiquetas simuladas.</translation>
    </message>
    <message>
      <source>The region {title!r} has no {lacking}, which the paper's sampling needs.</source>
      <translation>La región {title!r} no tiene {lacking}, que el muestreo del artículo necesita.</translation>
    </message>
    <message>
      <source>The region {title!r} has no {lacking}, which the simulation of soil columns needs.</source>
      <translation>La región {title!r} no tiene {lacking}, que la simulación de columnas de suelo necesita.</translation>
    </message>
    <message>
      <source>The region {title!r} has no {lacking}; soil columns cannot be simulated without.</source>
      <translation>La región {title!r} no tiene {lacking}; sin ello no se pueden simular columnas de suelo.</translation>
    </message>
    <message>
      <source>The report begins on {start}, the project on {begin}.</source>
      <translation>El informe empieza en {start}, el proyecto en {begin}.</translation>
    </message>
    <message>
      <source>The report has {nodes} nodes, the project {count} layers.</source>
      <translation>El informe tiene {nodes} nodos, el proyecto {count} capas.</translation>
    </message>
    <message>
      <source>The report has {shape} nodes, not {count}.</source>
      <translation>El informe tiene {shape} nodos, no {count}.</translation>
    </message>
    <message>
      <source>The request has schema {version}, that of an earlier version; this engine takes {known}.</source>
      <translation>La petición tiene el esquema {version}, de una versión anterior; este motor admite {known}.</translation>
    </message>
    <message>
      <source>The request has schema {version}; this engine knows {known}.</source>
      <translation>La petición tiene el esquema {version}; este motor conoce {known}.</translation>
    </message>
    <message>
      <source>The request of the job '{job}' is no longer known.</source>
      <translation>La petición del trabajo '{job}' ya no se conoce.</translation>
    </message>
    <message>
      <source>The sample is chosen when all labels are there.</source>
      <translation>La muestra se elige cuando están todas las etiquetas.</translation>
    </message>
    <message>
      <source>The schema version is {version!r}.</source>
      <translation>La versión del esquema es {version!r}.</translation>
    </message>
    <message>
      <source>The simulation was stopped; its finished parts are kept.</source>
      <translation>La simulación se ha detenido; sus partes terminadas se conservan.</translation>
    </message>
    <message>
      <source>The soil column did not converge.</source>
      <translation>La columna de suelo no ha convergido.</translation>
    </message>
    <message>
      <source>The source of {channel} has no day with enough good readings.</source>
      <translation>La fuente de {channel} no tiene ningún día con suficientes lecturas buenas.</translation>
    </message>
    <message>
      <source>The source of {channel} has nothing within the dates of the recipe; it covers {first} to {last}.</source>
      <translation>La fuente de {channel} no tiene nada en las fechas de la receta; abarca de {first} a {last}.</translation>
    </message>
    <message>
      <source>The stations cannot be held out: {error}.</source>
      <translation>Las estaciones no se pueden reservar para la prueba: {error}.</translation>
    </message>
    <message>
      <source>The stations have {count} calendar years; there is no year number {number}.</source>
      <translation>Las estaciones tienen {count} años naturales; no hay un año número {number}.</translation>
    </message>
    <message>
      <source>The store {path} cannot be used ({error}).</source>
      <translation>No se puede usar el almacén {path} ({error}).</translation>
    </message>
    <message>
      <source>The system ended the task because its memory was not enough.</source>
      <translation>El sistema terminó la tarea porque la memoria no bastaba.</translation>
    </message>
    <message>
      <source>The table of soil parameters is missing: {name}.</source>
      <translation>Falta la tabla de parámetros del suelo: {name}.</translation>
    </message>
    <message>
      <source>The task can be tried again; tell the administrator if it happens again.</source>
      <translation>La tarea se puede repetir; avise al administrador si sigue ocurriendo.</translation>
    </message>
    <message>
      <source>The task was stopped before it was done, because {why}.</source>
      <translation>La tarea se ha detenido antes de terminar porque {why}.</translation>
    </message>
    <message>
      <source>The transfer was interrupted{detail}</source>
      <translation>La transferencia se ha interrumpido{detail}</translation>
    </message>
    <message>
      <source>The value {value!r} cannot be used.</source>
      <translation>El valor {value!r} no se puede usar.</translation>
    </message>
    <message>
      <source>The weather channels of the region {title!r} have no day in common.</source>
      <translation>Los canales meteorológicos de la región {title!r} no tienen ningún día en común.</translation>
    </message>
    <message>
      <source>The weather covers {start} to {end}, not {first} to {last}.</source>
      <translation>La meteorología abarca de {start} a {end}, no de {first} a {last}.</translation>
    </message>
    <message>
      <source>The weather series {name} ends on {dates}: too early for runs of {years} years.</source>
      <translation>La serie meteorológica {name} termina en {dates}: demasiado pronto para simulaciones de {years} años.</translation>
    </message>
    <message>
      <source>The weather series {name} is not there: {path}.</source>
      <translation>No está la serie meteorológica {name}: {path}.</translation>
    </message>
    <message>
      <source>The weather {path} cannot be read: {strerror}.</source>
      <translation>No se puede leer la meteorología {path}: {strerror}.</translation>
    </message>
    <message>
      <source>There are no labels for {day}.</source>
      <translation>No hay etiquetas para {day}.</translation>
    </message>
    <message>
      <source>There are no labels for {year}.</source>
      <translation>No hay etiquetas para {year}.</translation>
    </message>
    <message>
      <source>There are no points.</source>
      <translation>No hay puntos.</translation>
    </message>
    <message>
      <source>There are readings at {known_depths} cm.</source>
      <translation>Hay lecturas a {known_depths} cm.</translation>
    </message>
    <message>
      <source>There are readings from {first_date} to {last_date}.</source>
      <translation>Hay lecturas de {first_date} a {last_date}.</translation>
    </message>
    <message>
      <source>There are {count} strata for features of the shape {shape}.</source>
      <translation>Hay {count} estratos para variables de la forma {shape}.</translation>
    </message>
    <message>
      <source>There are: {known}.</source>
      <translation>Hay: {known}.</translation>
    </message>
    <message>
      <source>There are: {names}.</source>
      <translation>Existen: {names}.</translation>
    </message>
    <message>
      <source>There is no covariate store at {path}.</source>
      <translation>No hay ningún almacén de covariables en {path}.</translation>
    </message>
    <message>
      <source>There is no data for {what}: the nearest region, '{region}', begins {distance} to the {direction}.</source>
      <translation>No hay datos para {what}: la región más cercana, '{region}', empieza a {distance} hacia el {direction}.</translation>
    </message>
    <message>
      <source>There is no host '{host}' ({reason}).</source>
      <translation>No hay ningún servidor '{host}' ({reason}).</translation>
    </message>
    <message>
      <source>There is no host '{host}'.</source>
      <translation>No hay ningún servidor '{host}'.</translation>
    </message>
    <message>
      <source>There is no job '{job}' on {title} any more.</source>
      <translation>Ya no hay un trabajo '{job}' en {title}.</translation>
    </message>
    <message>
      <source>There is no job '{name}'.</source>
      <translation>No hay ningún trabajo '{name}'.</translation>
    </message>
    <message>
      <source>There is no kind of job '{kind}'.</source>
      <translation>No hay ningún tipo de trabajo '{kind}'.</translation>
    </message>
    <message>
      <source>There is no land with all inputs here.</source>
      <translation>Aquí no hay tierra con todos los datos de entrada.</translation>
    </message>
    <message>
      <source>There is no model '{card}'.</source>
      <translation>No hay ningún modelo '{card}'.</translation>
    </message>
    <message>
      <source>There is no model '{wanted}' on this computer.</source>
      <translation>No hay ningún modelo '{wanted}' en este equipo.</translation>
    </message>
    <message>
      <source>There is no model file {path}.</source>
      <translation>No hay ningún archivo de modelo {path}.</translation>
    </message>
    <message>
      <source>There is no network '{name}'.</source>
      <translation>No hay ninguna red '{name}'.</translation>
    </message>
    <message>
      <source>There is no parameter '{name}'.</source>
      <translation>No hay ningún parámetro '{name}'.</translation>
    </message>
    <message>
      <source>There is no part {number} of {parts}.</source>
      <translation>No hay una parte {number} de {parts}.</translation>
    </message>
    <message>
      <source>There is no partition '{partition}'.</source>
      <translation>No existe la partición '{partition}'.</translation>
    </message>
    <message>
      <source>There is no queue '{partition}'.</source>
      <translation>No existe la cola '{partition}'.</translation>
    </message>
    <message>
      <source>There is no region '{region}' on this computer.</source>
      <translation>No hay ninguna región '{region}' en este equipo.</translation>
    </message>
    <message>
      <source>There is no training configuration {path}.</source>
      <translation>No hay ninguna configuración de entrenamiento {path}.</translation>
    </message>
    <message>
      <source>There is no usable model for {wanted} cm.</source>
      <translation>No hay ningún modelo utilizable para {wanted} cm.</translation>
    </message>
    <message>
      <source>There is no weather for {day}: the {need} is needed, and the region has it from {first} to {last}.</source>
      <translation>No hay meteorología para {day}: se necesita {need}, y la región lo tiene de {first} a {last}.</translation>
    </message>
    <message>
      <source>There is no weather for {day}: the {need} {fault}.</source>
      <translation>No hay meteorología para {day}: {need} {fault}.</translation>
    </message>
    <message>
      <source>There is no {channel} for {days}. The model uses the mean of its training data instead.</source>
      <translation>No hay {channel} para {days}. El modelo usa en su lugar la media de sus datos de entrenamiento.</translation>
    </message>
    <message>
      <source>These entries of the job's folder are not valid and are left out: {fields}.</source>
      <translation>Estas entradas de la carpeta del trabajo no son válidas y se omiten: {fields}.</translation>
    </message>
    <message>
      <source>These tasks have no result yet: {tasks}. The outputs that need them are not made.</source>
      <translation>Estas tareas aún no tienen resultado: {tasks}. No se hacen los resultados que las necesitan.</translation>
    </message>
    <message>
      <source>They are made when the tasks have been repeated.</source>
      <translation>Se hacen cuando se hayan repetido las tareas.</translation>
    </message>
    <message>
      <source>They hold {depths_cm} cm.</source>
      <translation>Tienen {depths_cm} cm.</translation>
    </message>
    <message>
      <source>They must be a list of texts, or null.</source>
      <translation>Deben ser una lista de textos, o null.</translation>
    </message>
    <message>
      <source>They run from {first} to {last}.</source>
      <translation>Van de {first} a {last}.</translation>
    </message>
    <message>
      <source>This computer has another model '{model}' in {folder}.</source>
      <translation>Este equipo tiene otro modelo '{model}' en {folder}.</translation>
    </message>
    <message>
      <source>This computer has no usable region.</source>
      <translation>Este equipo no tiene ninguna región utilizable.</translation>
    </message>
    <message>
      <source>This engine answers for its own computer only.</source>
      <translation>Este motor responde solo por su propio equipo.</translation>
    </message>
    <message>
      <source>This engine has no scheduler '{name}'.</source>
      <translation>Este motor no tiene el planificador '{name}'.</translation>
    </message>
    <message>
      <source>This host has no Grid Engine: {absent} cannot be found.</source>
      <translation>Este servidor no tiene Grid Engine: no se encuentra {absent}.</translation>
    </message>
    <message>
      <source>This host has no Slurm: {absent} cannot be found.</source>
      <translation>Este servidor no tiene Slurm: no se encuentra {absent}.</translation>
    </message>
    <message>
      <source>This version of the engine has no jobs of kind '{kind}'.</source>
      <translation>Esta versión del motor no tiene trabajos de tipo '{kind}'.</translation>
    </message>
    <message>
      <source>This was written by a newer version of DeepSoil (schema {version}; this one knows {known}).</source>
      <translation>Lo escribió una versión más reciente de DeepSoil (esquema {version}; esta conoce {known}).</translation>
    </message>
    <message>
      <source>Train that configuration first, or leave the first weights out.</source>
      <translation>Entrene antes esa configuración, o deje vacíos los pesos iniciales.</translation>
    </message>
    <message>
      <source>Train that configuration first.</source>
      <translation>Entrene antes esa configuración.</translation>
    </message>
    <message>
      <source>Training cannot draw the channel {channel}.</source>
      <translation>El entrenamiento no puede generar el canal {channel}.</translation>
    </message>
    <message>
      <source>Try again in a moment.</source>
      <translation>Inténtelo de nuevo en un momento.</translation>
    </message>
    <message>
      <source>Try again later; if it stays so, ask the administrators.</source>
      <translation>Pruebe más tarde; si sigue igual, consulte a los administradores.</translation>
    </message>
    <message>
      <source>Try again.</source>
      <translation>Inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Try again. If it happens again, test the host in the options.</source>
      <translation>Inténtelo de nuevo. Si vuelve a ocurrir, pruebe la conexión con el servidor en las opciones.</translation>
    </message>
    <message>
      <source>Try again; if it fails again, repair the engine in DeepSoil's options.</source>
      <translation>Inténtelo de nuevo; si vuelve a fallar, repare el motor en las opciones de DeepSoil.</translation>
    </message>
    <message>
      <source>Two configurations have the name '{name}'.</source>
      <translation>Dos configuraciones tienen el nombre '{name}'.</translation>
    </message>
    <message>
      <source>Two points are called {name}.</source>
      <translation>Dos puntos se llaman {name}.</translation>
    </message>
    <message>
      <source>Two users cannot share a folder of DeepSoil. Set DEEPSOIL_HOME to a folder of your own.</source>
      <translation>Dos usuarios no pueden compartir una carpeta de DeepSoil. Indique en DEEPSOIL_HOME una carpeta propia.</translation>
    </message>
    <message>
      <source>Units that can be used: {units}.</source>
      <translation>Unidades que se pueden usar: {units}.</translation>
    </message>
    <message>
      <source>Unpacking models</source>
      <translation>Descomprimiendo los modelos</translation>
    </message>
    <message>
      <source>Update DeepSoil, or build the store again.</source>
      <translation>Actualice DeepSoil, o construya el almacén de nuevo.</translation>
    </message>
    <message>
      <source>Update DeepSoil, or export the model again with this version.</source>
      <translation>Actualice DeepSoil, o exporte el modelo de nuevo con esta versión.</translation>
    </message>
    <message>
      <source>Update DeepSoil, or set DEEPSOIL_HOME to another folder.</source>
      <translation>Actualice DeepSoil, o ponga en DEEPSOIL_HOME otra carpeta.</translation>
    </message>
    <message>
      <source>Update DeepSoil.</source>
      <translation>Actualice DeepSoil.</translation>
    </message>
    <message>
      <source>Update the engine to the plugin's version.</source>
      <translation>Actualice el motor a la versión del complemento.</translation>
    </message>
    <message>
      <source>Update the engine, or rename the file and add the hosts again.</source>
      <translation>Actualice el motor, o cambie el nombre del archivo y añada los servidores de nuevo.</translation>
    </message>
    <message>
      <source>Update the plugin, or describe the job again.</source>
      <translation>Actualice el complemento, o describa el trabajo de nuevo.</translation>
    </message>
    <message>
      <source>Use 0 for none.</source>
      <translation>Use 0 para ninguno.</translation>
    </message>
    <message>
      <source>Use a model exported by `deepsoil train`.</source>
      <translation>Use un modelo exportado con `deepsoil train`.</translation>
    </message>
    <message>
      <source>Use a smaller maximum_step_days, or thinner layers near the surface.</source>
      <translation>Use un maximum_step_days menor, o capas más finas cerca de la superficie.</translation>
    </message>
    <message>
      <source>Use letters, digits, - and _, beginning with a letter or digit.</source>
      <translation>Use letras, cifras, - y _, empezando por una letra o una cifra.</translation>
    </message>
    <message>
      <source>Use the cluster's login node, or set the scheduler of the host to a plain process.</source>
      <translation>Use el nodo de acceso del clúster, o ponga como planificador del servidor un proceso simple.</translation>
    </message>
    <message>
      <source>Use the cluster's login node, or set the scheduler of the host to a plain process. Where Slurm is loaded as a module, load it in the login script.</source>
      <translation>Use el nodo de acceso del clúster, o ponga como planificador del servidor un proceso simple. Donde Slurm se carga como módulo, cárguelo en el script de inicio de sesión.</translation>
    </message>
    <message>
      <source>Vapour pressure deficit, daily mean</source>
      <translation>Déficit de presión de vapor, media diaria</translation>
    </message>
    <message>
      <source>Wait until it has finished, or end that program, then try again.</source>
      <translation>Espere a que termine, o termine ese programa, e inténtelo de nuevo.</translation>
    </message>
    <message>
      <source>Wait until it is done, or cancel it.</source>
      <translation>Espere a que termine, o cancélelo.</translation>
    </message>
    <message>
      <source>Wait until the host answers, or cancel the job. Then remove the host.</source>
      <translation>Espere a que el servidor responda, o cancele el trabajo. Elimine después el servidor.</translation>
    </message>
    <message>
      <source>Wait until there are some.</source>
      <translation>Espere a que haya algunos.</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation>En espera</translation>
    </message>
    <message>
      <source>Waiting ({reason})</source>
      <translation>En espera ({reason})</translation>
    </message>
    <message>
      <source>Waiting behind 1 job</source>
      <translation>En espera detrás de 1 trabajo</translation>
    </message>
    <message>
      <source>Waiting behind {count} jobs</source>
      <translation>En espera detrás de {count} trabajos</translation>
    </message>
    <message>
      <source>Waiting for a licence</source>
      <translation>En espera de una licencia</translation>
    </message>
    <message>
      <source>Waiting for a reservation to begin</source>
      <translation>En espera de que empiece una reserva</translation>
    </message>
    <message>
      <source>Waiting for an earlier job of the same name to end</source>
      <translation>En espera de que termine un trabajo anterior del mismo nombre</translation>
    </message>
    <message>
      <source>Waiting for another installation to end ({holder})</source>
      <translation>Esperando a que termine otra instalación ({holder})</translation>
    </message>
    <message>
      <source>Waiting for its turn</source>
      <translation>En espera de su turno</translation>
    </message>
    <message>
      <source>Waiting for other tasks of this job, because the number at once is limited</source>
      <translation>En espera de otras tareas de este trabajo, porque el número de tareas simultáneas está limitado</translation>
    </message>
    <message>
      <source>Waiting for the connection to {host}</source>
      <translation>En espera de la conexión con {host}</translation>
    </message>
    <message>
      <source>Waiting until the disk has space again</source>
      <translation>Esperando a que el disco vuelva a tener espacio</translation>
    </message>
    <message>
      <source>Waiting until the engine is installed on {host}</source>
      <translation>En espera de que el motor se instale en {host}</translation>
    </message>
    <message>
      <source>Waiting until the engine on {host} has the version of this computer's</source>
      <translation>En espera de que el motor de {host} tenga la versión del de este equipo</translation>
    </message>
    <message>
      <source>Waiting, because a limit of the account or QOS is reached ({reason})</source>
      <translation>En espera, porque se ha alcanzado un límite de la cuenta o QOS ({reason})</translation>
    </message>
    <message>
      <source>Water of the snow on the ground</source>
      <translation>Agua de la nieve en el suelo</translation>
    </message>
    <message>
      <source>What they printed is in {path}.</source>
      <translation>Lo que escribieron está en {path}.</translation>
    </message>
    <message>
      <source>What was copied there is kept; install again to continue.</source>
      <translation>Lo copiado en el servidor se conserva; instale de nuevo para continuar.</translation>
    </message>
    <message>
      <source>Which task is to run is not known.</source>
      <translation>No se sabe qué tarea hay que ejecutar.</translation>
    </message>
    <message>
      <source>Will be cancelled when {host} answers</source>
      <translation>Se cancelará cuando {host} responda</translation>
    </message>
    <message>
      <source>Without them a damaged file would not be noticed. Send the job again.</source>
      <translation>Sin ellos no se notaría un archivo dañado. Envíe el trabajo de nuevo.</translation>
    </message>
    <message>
      <source>Write it as 2023-07-31.</source>
      <translation>Escríbalo como 2023-07-31.</translation>
    </message>
    <message>
      <source>Write it as 3/19: the third of 19 parts.</source>
      <translation>Escríbalo como 3/19: la tercera de 19 partes.</translation>
    </message>
    <message>
      <source>Write one first, or give the folder that was written.</source>
      <translation>Escriba uno antes, o indique la carpeta que se escribió.</translation>
    </message>
    <message>
      <source>You can start it again at any time.</source>
      <translation>Empiécelo de nuevo cuando quiera.</translation>
    </message>
    <message>
      <source>`otherwise` lies on another grid.</source>
      <translation>`otherwise` está en otra malla.</translation>
    </message>
    <message>
      <source>cos of the day of the year</source>
      <translation>cos del día del año</translation>
    </message>
    <message>
      <source>cos(aspect) times sin(slope)</source>
      <translation>cos(orientación) por sen(pendiente)</translation>
    </message>
    <message>
      <source>epoch {done} of {total}, error {error:.4f} m³/m³</source>
      <translation>época {done} de {total}, error {error:.4f} m³/m³</translation>
    </message>
    <message>
      <source>forcing_index must name one of the {places} weather series for each of the {n} columns.</source>
      <translation>forcing_index debe nombrar una de las {places} series meteorológicas para cada una de las {n} columnas.</translation>
    </message>
    <message>
      <source>minutes</source>
      <translation>minutos</translation>
    </message>
    <message>
      <source>per-pixel start, step {done} of {total}</source>
      <translation>inicio por píxel, paso {done} de {total}</translation>
    </message>
    <message>
      <source>root_depth_cm must be positive.</source>
      <translation>root_depth_cm debe ser positivo.</translation>
    </message>
    <message>
      <source>simulating soil columns, {done} of {total}</source>
      <translation>simulando columnas de suelo, {done} de {total}</translation>
    </message>
    <message>
      <source>sin of the day of the year</source>
      <translation>sen del día del año</translation>
    </message>
    <message>
      <source>the system asked for it</source>
      <translation>el sistema lo ha pedido</translation>
    </message>
    <message>
      <source>the time limit was near</source>
      <translation>el límite de tiempo estaba cerca</translation>
    </message>
    <message>
      <source>these fields</source>
      <translation>estas parcelas</translation>
    </message>
    <message>
      <source>this field</source>
      <translation>esta parcela</translation>
    </message>
    <message>
      <source>van Genuchten alpha</source>
      <translation>Alfa de van Genuchten</translation>
    </message>
    <message>
      <source>van Genuchten n</source>
      <translation>n de van Genuchten</translation>
    </message>
    <message>
      <source>{address} answers, but not as an SSH server ({reason}).</source>
      <translation>{address} responde, pero no como servidor SSH ({reason}).</translation>
    </message>
    <message>
      <source>{address} answers.</source>
      <translation>{address} responde.</translation>
    </message>
    <message>
      <source>{address} cannot be reached ({reason}).</source>
      <translation>No se puede llegar a {address} ({reason}).</translation>
    </message>
    <message>
      <source>{address} cannot be reached from the jump host ({reason}).</source>
      <translation>No se puede llegar a {address} desde el servidor de salto ({reason}).</translation>
    </message>
    <message>
      <source>{address} does not answer within {timeout_s:.0f} s.</source>
      <translation>{address} no responde en {timeout_s:.0f} s.</translation>
    </message>
    <message>
      <source>{address} supports only old SSH algorithms that are no longer safe ({error}).</source>
      <translation>{address} solo habla algoritmos antiguos de SSH que ya no son seguros ({error}).</translation>
    </message>
    <message>
      <source>{bad} of {size} textures are not percentages that sum to 100 ± {tolerance:g}; the first is sand, silt, clay = {texture}.</source>
      <translation>{bad} de {size} texturas no son porcentajes que sumen 100 ± {tolerance:g}; la primera es arena, limo, arcilla = {texture}.</translation>
    </message>
    <message>
      <source>{beside} beside {file} is not a GeoTIFF.</source>
      <translation>{beside}, junto a {file}, no es un GeoTIFF.</translation>
    </message>
    <message>
      <source>{budget:,} points cannot be chosen from {total:,} candidates in {strata} strata.</source>
      <translation>No se pueden elegir {budget:,} puntos entre {total:,} candidatos en {strata} estratos.</translation>
    </message>
    <message>
      <source>{channel} has {gaps} of more than {longest_gap_days} days in the weather cell at {longitude:.3f}, {latitude:.3f}. The first is {days} days long, from {first} to {last}.</source>
      <translation>{channel} tiene {gaps} de más de {longest_gap_days} días en la celda meteorológica de {longitude:.3f}, {latitude:.3f}. El primero dura {days} días, de {first} a {last}.</translation>
    </message>
    <message>
      <source>{channel} of {day}</source>
      <translation>{channel}, {day}</translation>
    </message>
    <message>
      <source>{channel} should lie between {minimum:g} and {maximum:g} {unit}, but {share:.0%} of the values lie outside; they range from {lowest:g} to {highest:g}.</source>
      <translation>{channel} debería estar entre {minimum:g} y {maximum:g} {unit}, pero el {share:.0%} de los valores está fuera; van de {lowest:g} a {highest:g}.</translation>
    </message>
    <message>
      <source>{command} cannot be started: {strerror}.</source>
      <translation>No se puede iniciar {command}: {strerror}.</translation>
    </message>
    <message>
      <source>{configuration} names no region to learn from.</source>
      <translation>{configuration} no indica ninguna región de la que aprender.</translation>
    </message>
    <message>
      <source>{configuration}: {step}</source>
      <translation>{configuration}: {step}</translation>
    </message>
    <message>
      <source>{count} of {total} days, the first of them {day}</source>
      <translation>{count} de {total} días, el primero de ellos el {day}</translation>
    </message>
    <message>
      <source>{count} of {total} fields lie outside the region '{region}' and get no map: {names}.</source>
      <translation>{count} de {total} parcelas quedan fuera de la región «{region}» y no tendrán mapa: {names}.</translation>
    </message>
    <message>
      <source>{count} of {total} fields lie partly outside the region '{region}'. Their maps have no values there: {names}.</source>
      <translation>{count} de {total} parcelas quedan en parte fuera de la región '{region}'. Sus mapas no tienen valores allí: {names}.</translation>
    </message>
    <message>
      <source>{day}</source>
      <translation>{day}</translation>
    </message>
    <message>
      <source>{depth_cm:g} cm is outside APSIM's profile, which ends at {nodes_cm:g} cm.</source>
      <translation>{depth_cm:g} cm queda fuera del perfil de APSIM, que termina a {nodes_cm:g} cm.</translation>
    </message>
    <message>
      <source>{depth_cm} cm, {day}</source>
      <translation>{depth_cm} cm, {day}</translation>
    </message>
    <message>
      <source>{depth_cm} cm: {share:.0%} of the days</source>
      <translation>{depth_cm} cm: {share:.0%} de los días</translation>
    </message>
    <message>
      <source>{document}: {name}: the path '{path}' is not absolute.</source>
      <translation>{document}: {name}: la ruta '{path}' no es absoluta.</translation>
    </message>
    <message>
      <source>{done} of {total} done. {waiting_for}</source>
      <translation>{done} de {total} terminadas. {waiting_for}</translation>
    </message>
    <message>
      <source>{failed} of {count} trainings failed: {names}.</source>
      <translation>{failed} de {count} entrenamientos han fallado: {names}.</translation>
    </message>
    <message>
      <source>{failed} of {total} tasks failed; the first: {problem}</source>
      <translation>Fallaron {failed} de {total} tareas; la primera: {problem}</translation>
    </message>
    <message>
      <source>{fields} fields, {days} days and {depths} depths make {maps:,} maps. One job makes at most {most:,}.</source>
      <translation>{fields} parcelas, {days} días y {depths} profundidades dan {maps:,} mapas. Un trabajo hace como máximo {most:,}.</translation>
    </message>
    <message>
      <source>{file} cannot be read as GeoJSON: {error}.</source>
      <translation>{file} no se puede leer como GeoJSON: {error}.</translation>
    </message>
    <message>
      <source>{file} cannot be read as NetCDF: {error}.</source>
      <translation>{file} no se puede leer como NetCDF: {error}.</translation>
    </message>
    <message>
      <source>{file} cannot be read as a table: {error}.</source>
      <translation>{file} no se puede leer como tabla: {error}.</translation>
    </message>
    <message>
      <source>{file} cannot be read as a zip archive: {error}.</source>
      <translation>{file} no se puede leer como archivo zip: {error}.</translation>
    </message>
    <message>
      <source>{file} cannot be read: {error}.</source>
      <translation>No se puede leer {file}: {error}.</translation>
    </message>
    <message>
      <source>{file} contains no outline.</source>
      <translation>{file} no contiene ningún contorno.</translation>
    </message>
    <message>
      <source>{file} contains no soil moisture of ISMN (.stm files).</source>
      <translation>{file} no contiene humedad del suelo de ISMN (archivos .stm).</translation>
    </message>
    <message>
      <source>{file} does not say where on the earth it lies.</source>
      <translation>{file} no dice en qué lugar de la Tierra está.</translation>
    </message>
    <message>
      <source>{file} does not touch the area.</source>
      <translation>{file} no toca el área.</translation>
    </message>
    <message>
      <source>{file} gives {variable!r} in {says!r}, the recipe in {unit!r}.</source>
      <translation>{file} da {variable!r} en {says!r}, la receta en {unit!r}.</translation>
    </message>
    <message>
      <source>{file} has no column {absent}.</source>
      <translation>{file} no tiene la columna {absent}.</translation>
    </message>
    <message>
      <source>{file} has no column {column!r}.</source>
      <translation>{file} no tiene la columna {column!r}.</translation>
    </message>
    <message>
      <source>{file} has no station inside the area at {depths_cm} cm.</source>
      <translation>{file} no tiene ninguna estación dentro del área a {depths_cm} cm.</translation>
    </message>
    <message>
      <source>{file} has no value of {column!r} where {conditions}.</source>
      <translation>{file} no tiene ningún valor de {column!r} donde {conditions}.</translation>
    </message>
    <message>
      <source>{file} has no variable {variable!r}.</source>
      <translation>{file} no tiene la variable {variable!r}.</translation>
    </message>
    <message>
      <source>{file} has no {axis} axis; its axes are {axes}.</source>
      <translation>{file} no tiene el eje {axis}; sus ejes son {axes}.</translation>
    </message>
    <message>
      <source>{file} has {count} band(s); the recipe asks for band {band}.</source>
      <translation>{file} tiene {count} banda(s); la receta pide la banda {band}.</translation>
    </message>
    <message>
      <source>{file} holds no crosswalk.</source>
      <translation>{file} no contiene correspondencias.</translation>
    </message>
    <message>
      <source>{file} holds the codes {codes}, for which the crosswalk has no class.</source>
      <translation>{file} contiene los códigos {codes}, para los que las correspondencias no tienen clase.</translation>
    </message>
    <message>
      <source>{file} is not a recipe: it is not a mapping of keys.</source>
      <translation>{file} no es una receta: no es una correspondencia de claves.</translation>
    </message>
    <message>
      <source>{file} is not valid YAML: {problem}.</source>
      <translation>{file} no es YAML válido: {problem}.</translation>
    </message>
    <message>
      <source>{file} lies on another grid than {first}.</source>
      <translation>{file} está en otra malla que {first}.</translation>
    </message>
    <message>
      <source>{file}: the column {column!r} does not hold times (its first entry: {first}).</source>
      <translation>{file}: la columna {column!r} no contiene horas (su primera entrada: {first}).</translation>
    </message>
    <message>
      <source>{file}: {variable!r} has no time axis.</source>
      <translation>{file}: {variable!r} no tiene eje de tiempo.</translation>
    </message>
    <message>
      <source>{file}: {variable!r} has the further dimension(s) {dimensions}.</source>
      <translation>{file}: {variable!r} tiene además la(s) dimensión(es) {dimensions}.</translation>
    </message>
    <message>
      <source>{folder} has no {name}.csv or {name}.met, which a point names.</source>
      <translation>{folder} no tiene {name}.csv ni {name}.met, que un punto indica.</translation>
    </message>
    <message>
      <source>{folder} holds a project of APSIM files already.</source>
      <translation>{folder} ya contiene un proyecto de archivos de APSIM.</translation>
    </message>
    <message>
      <source>{folder} was not written by `deepsoil apsim write`: {error}.</source>
      <translation>{folder} no es una carpeta escrita por `deepsoil apsim write`: {error}.</translation>
    </message>
    <message>
      <source>{gigabytes:.1f} GB are free.</source>
      <translation>Hay {gigabytes:.1f} GB libres.</translation>
    </message>
    <message>
      <source>{gigabytes:.1f} GB are left of your quota.</source>
      <translation>Quedan {gigabytes:.1f} GB de su cuota.</translation>
    </message>
    <message>
      <source>{given} holds no trained network to start from.</source>
      <translation>{given} no contiene una red entrenada de la que partir.</translation>
    </message>
    <message>
      <source>{hint_text} Day 1 is {dates}; weather series are the cells with weather, row by row from the north-west.</source>
      <translation>{hint_text} El día 1 es {dates}; las series meteorológicas son las celdas con meteorología, fila a fila desde el noroeste.</translation>
    </message>
    <message>
      <source>{host} refused it: {problem}</source>
      <translation>{host} lo ha rechazado: {problem}</translation>
    </message>
    <message>
      <source>{key!r} is not a known key here ({where}).</source>
      <translation>{key!r} no es una clave conocida aquí ({where}).</translation>
    </message>
    <message>
      <source>{key} is given twice (lines {first} and {line} of {file}).</source>
      <translation>{key} se indica dos veces (líneas {first} y {line} de {file}).</translation>
    </message>
    <message>
      <source>{key}: {problem} ({where}).</source>
      <translation>{key}: {problem} ({where}).</translation>
    </message>
    <message>
      <source>{member} in {file} cannot be read: {error}.</source>
      <translation>No se puede leer {member} de {file}: {error}.</translation>
    </message>
    <message>
      <source>{member} in {file} does not begin like a file of ISMN: {line!r}.</source>
      <translation>{member} de {file} no empieza como un archivo de ISMN: {line!r}.</translation>
    </message>
    <message>
      <source>{missing:,} of {count:,} candidates have a missing value.</source>
      <translation>A {missing:,} de {count:,} candidatos les falta un valor.</translation>
    </message>
    <message>
      <source>{name!r} cannot be a name in APSIM.</source>
      <translation>{name!r} no puede ser un nombre en APSIM.</translation>
    </message>
    <message>
      <source>{names} and {more} more</source>
      <translation>{names} y {more} más</translation>
    </message>
    <message>
      <source>{name} arrives damaged on {title}.</source>
      <translation>{name} llega dañado a {title}.</translation>
    </message>
    <message>
      <source>{name} could not be written on {title}: {detail}</source>
      <translation>No se ha podido escribir {name} en {title}: {detail}</translation>
    </message>
    <message>
      <source>{name} has gaps in its dates or values.</source>
      <translation>{name} tiene huecos en sus fechas o valores.</translation>
    </message>
    <message>
      <source>{name} has no column {absent!r}.</source>
      <translation>{name} no tiene la columna {absent!r}.</translation>
    </message>
    <message>
      <source>{name} has no column {missing}.</source>
      <translation>{name} no tiene la columna {missing}.</translation>
    </message>
    <message>
      <source>{name} has no column {wanted}.</source>
      <translation>{name} no tiene la columna {wanted}.</translation>
    </message>
    <message>
      <source>{name} has no days.</source>
      <translation>{name} no tiene días.</translation>
    </message>
    <message>
      <source>{name} has no table _Simulations.</source>
      <translation>{name} no tiene la tabla _Simulations.</translation>
    </message>
    <message>
      <source>{name} has no table {table}: none of {count} simulations reported.</source>
      <translation>{name} no tiene la tabla {table}: ninguna de {count} simulaciones ha informado.</translation>
    </message>
    <message>
      <source>{name} has the shape {shape}; one row per column ({count}) or per weather series ({places}) and {days} days are needed.</source>
      <translation>{name} tiene la forma {shape}; se necesitan una fila por columna ({count}) o por serie meteorológica ({places}) y {days} días.</translation>
    </message>
    <message>
      <source>{name} has values that are missing, negative or above {largest:g}.</source>
      <translation>{name} tiene valores ausentes, negativos o mayores que {largest:g}.</translation>
    </message>
    <message>
      <source>{name} is not an APSIM report: {error}.</source>
      <translation>{name} no es un informe de APSIM: {error}.</translation>
    </message>
    <message>
      <source>{name} is {found:g} on {day} (and bad on {count} of {days} days); it must lie between {low:g} and {high:g} {unit}.</source>
      <translation>{name} es {found:g} el {day} (y erróneo en {count} de {days} días); debe estar entre {low:g} y {high:g} {unit}.</translation>
    </message>
    <message>
      <source>{name} is {getattr}.</source>
      <translation>{name} es {getattr}.</translation>
    </message>
    <message>
      <source>{name} lies at {latitude:g}, {longitude:g}.</source>
      <translation>{name} está en {latitude:g}, {longitude:g}.</translation>
    </message>
    <message>
      <source>{name} must be one of {allowed}.</source>
      <translation>{name} debe ser uno de {allowed}.</translation>
    </message>
    <message>
      <source>{name} must lie between {low:g} and {high:g}.</source>
      <translation>{name} debe estar entre {low:g} y {high:g}.</translation>
    </message>
    <message>
      <source>{name} of weather series {place} on day {day} is {found:g}; it must lie between {low:g} and {high:g} {unit}.</source>
      <translation>{name} de la serie meteorológica {place} el día {day} es {found:g}; debe estar entre {low:g} y {high:g} {unit}.</translation>
    </message>
    <message>
      <source>{name}: a line has not {count} values.</source>
      <translation>{name}: una línea no tiene {count} valores.</translation>
    </message>
    <message>
      <source>{name}: a value of {name_2} is not a number.</source>
      <translation>{name}: un valor de {name_2} no es un número.</translation>
    </message>
    <message>
      <source>{name}: after {day} comes {following} (day {number}).</source>
      <translation>{name}: después de {day} viene {following} (día {number}).</translation>
    </message>
    <message>
      <source>{name}: its days cannot be read: {error}.</source>
      <translation>{name}: no se pueden leer sus días: {error}.</translation>
    </message>
    <message>
      <source>{name}: the weather series {missing} is not in {root}.</source>
      <translation>{name}: la serie meteorológica {missing} no está en {root}.</translation>
    </message>
    <message>
      <source>{name}: there is no region or store {region}.</source>
      <translation>{name}: no hay ninguna región ni almacén {region}.</translation>
    </message>
    <message>
      <source>{name}: {start} holds no trained network to start from.</source>
      <translation>{name}: {start} no contiene una red entrenada de la que partir.</translation>
    </message>
    <message>
      <source>{name}: {table} has no column of the day.</source>
      <translation>{name}: {table} no tiene una columna del día.</translation>
    </message>
    <message>
      <source>{name}: {table} has no water contents SW(1), SW(2), … of every node.</source>
      <translation>{name}: {table} no tiene los contenidos de agua SW(1), SW(2), … de todos los nodos.</translation>
    </message>
    <message>
      <source>{name}: {text!r} is not a date.</source>
      <translation>{name}: {text!r} no es una fecha.</translation>
    </message>
    <message>
      <source>{option} is {number}.</source>
      <translation>{option} es {number}.</translation>
    </message>
    <message>
      <source>{path} already exists.</source>
      <translation>{path} ya existe.</translation>
    </message>
    <message>
      <source>{path} cannot be read: {reason}.</source>
      <translation>No se puede leer {path}: {reason}.</translation>
    </message>
    <message>
      <source>{path} cannot be used: {error}.</source>
      <translation>No se puede usar {path}: {error}.</translation>
    </message>
    <message>
      <source>{path} holds a training with another setting of {changed!r}.</source>
      <translation>{path} contiene un entrenamiento con otro valor de {changed!r}.</translation>
    </message>
    <message>
      <source>{path} is not YAML: {error}</source>
      <translation>{path} no es YAML: {error}</translation>
    </message>
    <message>
      <source>{percent} % of the area lies outside the region '{region}'. The map has no values there.</source>
      <translation>El {percent} % del área queda fuera de la región '{region}'. El mapa no tiene valores allí.</translation>
    </message>
    <message>
      <source>{problem} ({where}).</source>
      <translation>{problem} ({where}).</translation>
    </message>
    <message>
      <source>{problem} It was tried {tries} times.</source>
      <translation>{problem} Se intentó {tries} veces.</translation>
    </message>
    <message>
      <source>{problem} Trying again.</source>
      <translation>{problem} Se intenta de nuevo.</translation>
    </message>
    <message>
      <source>{python} cannot create virtual environments.</source>
      <translation>{python} no puede crear entornos virtuales.</translation>
    </message>
    <message>
      <source>{python} on {title} cannot create the engine's environment ({problem}).</source>
      <translation>{python} en {title} no puede crear el entorno del motor ({problem}).</translation>
    </message>
    <message>
      <source>{scheduler} accepts no more jobs at the moment: {detail}</source>
      <translation>{scheduler} no acepta más trabajos por ahora: {detail}</translation>
    </message>
    <message>
      <source>{scheduler} does not answer at the moment: {problem}</source>
      <translation>{scheduler} no responde en este momento: {problem}</translation>
    </message>
    <message>
      <source>{scheduler} does not answer at the moment; DeepSoil tries again</source>
      <translation>{scheduler} no responde en este momento; DeepSoil lo intenta de nuevo</translation>
    </message>
    <message>
      <source>{scheduler} does not answer; it may have the job already</source>
      <translation>{scheduler} no responde; puede que ya tenga el trabajo</translation>
    </message>
    <message>
      <source>{scheduler} has several jobs of the name {name} ({numbers}); the one that begins first counts, the others end by themselves</source>
      <translation>{scheduler} tiene varios trabajos con el nombre {name} ({numbers}); cuenta el que empiece primero, los demás terminan solos</translation>
    </message>
    <message>
      <source>{scheduler} no longer knows {unknown} of {total} tasks, and they left no result. Cancel the job or send it again; finished results are kept</source>
      <translation>{scheduler} ya no conoce {unknown} de {total} tareas, y no han dejado resultado. Cancele el trabajo o envíelo de nuevo; los resultados terminados se conservan</translation>
    </message>
    <message>
      <source>{scheduler} refused the job: {words}</source>
      <translation>{scheduler} rechazó el trabajo: {words}</translation>
    </message>
    <message>
      <source>{source}: {setting}: {what}.</source>
      <translation>{source}: {setting}: {what}.</translation>
    </message>
    <message>
      <source>{target} already exists and is not a store.</source>
      <translation>{target} ya está ahí y no es un almacén.</translation>
    </message>
    <message>
      <source>{task} ended unexpectedly{how}.</source>
      <translation>{task}: terminó de forma inesperada{how}.</translation>
    </message>
    <message>
      <source>{task} was cancelled in {scheduler}, not by DeepSoil.</source>
      <translation>{task}: se canceló en {scheduler}, no desde DeepSoil.</translation>
    </message>
    <message>
      <source>{task} was interrupted.</source>
      <translation>{task}: se interrumpió.</translation>
    </message>
    <message>
      <source>{task} was not finished within its time limit.</source>
      <translation>{task}: no terminó dentro de su límite de tiempo.</translation>
    </message>
    <message>
      <source>{task} was stopped to make room for a job of higher priority.</source>
      <translation>{task}: se detuvo para dejar sitio a un trabajo de mayor prioridad.</translation>
    </message>
    <message>
      <source>{task}: its memory was not enough.</source>
      <translation>{task}: la memoria no fue suficiente.</translation>
    </message>
    <message>
      <source>{task}: the cluster's computer that ran it failed.</source>
      <translation>{task}: falló el equipo del clúster que la ejecutaba.</translation>
    </message>
    <message>
      <source>{text!r} does not name a part of the work.</source>
      <translation>{text!r} no nombra una parte del trabajo.</translation>
    </message>
    <message>
      <source>{text!r} is not a list of layers.</source>
      <translation>{text!r} no es una lista de capas.</translation>
    </message>
    <message>
      <source>{text!r} is not a rule for SWIM3's nodes.</source>
      <translation>{text!r} no es una regla para los nodos de SWIM3.</translation>
    </message>
    <message>
      <source>{title} accepted none of {count} keys for {account}{notes}.{end} It offers: {offered}.</source>
      <translation>{title} no ha aceptado ninguna de las {count} claves para {account}{notes}.{end} Ofrece: {offered}.</translation>
    </message>
    <message>
      <source>{title} cannot be reached now{reason}</source>
      <translation>{title} no responde ahora{reason}</translation>
    </message>
    <message>
      <source>{title} did not accept the answers for {account}.{end}</source>
      <translation>{title} no ha aceptado las respuestas para {account}.{end}</translation>
    </message>
    <message>
      <source>{title} did not answer '{method}' within {timeout_s:.0f} s.</source>
      <translation>{title} no ha respondido a '{method}' en {timeout_s:.0f} s.</translation>
    </message>
    <message>
      <source>{title} did not answer in time.</source>
      <translation>{title} no ha respondido a tiempo.</translation>
    </message>
    <message>
      <source>{title} did not finish the login within {limit_s:.0f} s.</source>
      <translation>{title} no ha terminado el inicio de sesión en {limit_s:.0f} s.</translation>
    </message>
    <message>
      <source>{title} does not accept a login with {methods} for {account}; it offers: {offered}.</source>
      <translation>{title} no acepta iniciar sesión con {methods} para {account}; ofrece: {offered}.</translation>
    </message>
    <message>
      <source>{title} ended the connection during the login ({error}).</source>
      <translation>{title} ha cortado la conexión durante el inicio de sesión ({error}).</translation>
    </message>
    <message>
      <source>{title} has no model '{model}'.</source>
      <translation>{title} no tiene el modelo '{model}'.</translation>
    </message>
    <message>
      <source>{title} has not answered for {silent_s:.0f} s.</source>
      <translation>{title} lleva {silent_s:.0f} s sin responder.</translation>
    </message>
    <message>
      <source>{title} shows another key ({shown}) than the one known in {file}, line {line} ({fingerprint}). Somebody may be intercepting the connection, or the host was reinstalled.</source>
      <translation>{title} muestra otra clave ({shown}) que la conocida en {file}, línea {line} ({fingerprint}). Puede que alguien intercepte la conexión, o que el servidor se haya reinstalado.</translation>
    </message>
    <message>
      <source>{title} waits for your answer to a question of its login.</source>
      <translation>{title} espera su respuesta a una pregunta del inicio de sesión.</translation>
    </message>
    <message>
      <source>{title}: {problem}</source>
      <translation>{title}: {problem}</translation>
    </message>
    <message>
      <source>{title}: {problem}: {detail}</source>
      <translation>{title}: {problem}: {detail}</translation>
    </message>
    <message>
      <source>{what} at {where}.</source>
      <translation>{what} en {where}.</translation>
    </message>
    <message>
      <source>{what} is given in {found!r}, but is needed in {wanted!r}.</source>
      <translation>{what} se da en {found!r}, pero se necesita en {wanted!r}.</translation>
    </message>
    <message>
      <source>{zone!r} is not a time zone.</source>
      <translation>{zone!r} no es una zona horaria.</translation>
    </message>
    <message>
      <source>The name of DeepSoil's folder is not valid UTF-8.</source>
      <translation>El nombre de la carpeta de DeepSoil no es UTF-8 válido.</translation>
    </message>
    <message>
      <source>Choose another folder, or add --replace.</source>
      <translation>Elija otra carpeta o añada --replace.</translation>
    </message>
    <message>
      <source>The copying of '{model}' was cancelled.</source>
      <translation>Se canceló la copia de '{model}'.</translation>
    </message>
    <message>
      <source>The file {path} is there already.</source>
      <translation>El archivo {path} ya existe.</translation>
    </message>
    <message>
      <source>The hosts are: {known}. Others are added in DeepSoil's options in QGIS.</source>
      <translation>Los servidores son: {known}. Otros se añaden en las opciones de DeepSoil en QGIS.</translation>
    </message>
    <message>
      <source>The model '{model}' is being copied from {title} already.</source>
      <translation>El modelo '{model}' ya se está copiando de {title}.</translation>
    </message>
    <message>
      <source>What has come is kept; the rest follows when you bring it again.</source>
      <translation>Lo recibido se conserva; el resto sigue cuando lo traiga de nuevo.</translation>
    </message>
    <message>
      <source>Check the name and your permissions there.</source>
      <translation>Compruebe el nombre y sus permisos allí.</translation>
    </message>
    <message>
      <source>The line is not JSON: {detail}.</source>
      <translation>La línea no es JSON: {detail}.</translation>
    </message>
    <message>
      <source>{path} cannot be used: {reason}.</source>
      <translation>No se puede usar {path}: {reason}.</translation>
    </message>
    <message>
      <source>Another model named '{model}' comes with DeepSoil.</source>
      <translation>DeepSoil incluye otro modelo llamado '{model}'.</translation>
    </message>
    <message>
      <source>Choose a default for this depth under “Models…”.</source>
      <translation>Elija un modelo por defecto para esta profundidad en «Modelos…».</translation>
    </message>
    <message>
      <source>Export or train the model under another name.</source>
      <translation>Exporte o entrene el modelo con otro nombre.</translation>
    </message>
    <message>
      <source>If you trust it, rename it to {model}.onnx.</source>
      <translation>Si confía en él, cámbiele el nombre a {model}.onnx.</translation>
    </message>
    <message>
      <source>The file {file} says that it is the model '{model}'.</source>
      <translation>El archivo {file} dice que es el modelo '{model}'.</translation>
    </message>
    <message>
      <source>The model '{model}', chosen as the default for {depth_cm} cm, is missing or has been replaced by another file.</source>
      <translation>El modelo '{model}', elegido por defecto para {depth_cm} cm, falta o ha sido sustituido por otro archivo.</translation>
    </message>
    <message>
      <source>Train or export it under another name.</source>
      <translation>Entrénelo o expórtelo con otro nombre.</translation>
    </message>
    <message>
      <source>{file} is not used: a model named '{model}' comes with DeepSoil.</source>
      <translation>{file} no se usa: DeepSoil incluye un modelo llamado '{model}'.</translation>
    </message>
    <message>
      <source>Install the plugin again.</source>
      <translation>Instale el complemento de nuevo.</translation>
    </message>
    <message>
      <source>The engine has no list of packages for “{extra}”.</source>
      <translation>El motor no tiene lista de paquetes para «{extra}».</translation>
    </message>
    <message>
      <source>A map by soil columns is made without a model.</source>
      <translation>Un mapa por columnas de suelo se hace sin modelo.</translation>
    </message>
    <message>
      <source>A map is to rest on readings, and none are given.</source>
      <translation>Un mapa debe apoyarse en lecturas, y no se ha dado ninguna.</translation>
    </message>
    <message>
      <source>A map rests on what was known on its day. For the best reconstruction of the past, allow later days.</source>
      <translation>Un mapa se apoya en lo que se sabía en su día. Para la mejor reconstrucción del pasado, permita días posteriores.</translation>
    </message>
    <message>
      <source>A probe measures no ice. Give readings of days without frost.</source>
      <translation>Una sonda no mide el hielo. Dé lecturas de días sin helada.</translation>
    </message>
    <message>
      <source>Add --readings FILE, --reading TEXT or --use-stations.</source>
      <translation>Añada --readings ARCHIVO, --reading TEXTO o --use-stations.</translation>
    </message>
    <message>
      <source>Add a soil map that covers it, or make the map with the networks.</source>
      <translation>Añada un mapa de suelos que la cubra, o haga el mapa con las redes.</translation>
    </message>
    <message>
      <source>Add the weather of this day to the region, or leave the entry out.</source>
      <translation>Añada el tiempo de este día a la región, o quite la entrada.</translation>
    </message>
    <message>
      <source>Ask for 1 to {most:,} days.</source>
      <translation>Pida de 1 a {most:,} días.</translation>
    </message>
    <message>
      <source>Ask for a depth near them.</source>
      <translation>Pida una profundidad cercana a ellas.</translation>
    </message>
    <message>
      <source>Ask for one task with more processor cores.</source>
      <translation>Pida una tarea con más núcleos de procesador.</translation>
    </message>
    <message>
      <source>Check its unit, depth and place.</source>
      <translation>Compruebe su unidad, profundidad y lugar.</translation>
    </message>
    <message>
      <source>Check the dates, depths and places of the readings.</source>
      <translation>Compruebe las fechas, profundidades y lugares de las lecturas.</translation>
    </message>
    <message>
      <source>Check their longitude and latitude.</source>
      <translation>Compruebe su longitud y latitud.</translation>
    </message>
    <message>
      <source>Choose a place on land inside the region.</source>
      <translation>Elija un lugar en tierra dentro de la región.</translation>
    </message>
    <message>
      <source>Choose a smaller area or a shorter period, or make the map with the networks.</source>
      <translation>Elija un área menor o un período más corto, o haga el mapa con las redes.</translation>
    </message>
    <message>
      <source>Choose a smaller area, or make the map with the networks.</source>
      <translation>Elija un área menor, o haga el mapa con las redes.</translation>
    </message>
    <message>
      <source>Choose another area, or make the map with the networks.</source>
      <translation>Elija otra área, o haga el mapa con las redes.</translation>
    </message>
    <message>
      <source>Choose another period.</source>
      <translation>Elija otro período.</translation>
    </message>
    <message>
      <source>Complete the weather of the region, or choose a later date: the simulation begins {history} days before it.</source>
      <translation>Complete el tiempo de la región, o elija una fecha posterior: la simulación empieza {history} días antes.</translation>
    </message>
    <message>
      <source>Correct the date, or leave the entries after {last} out.</source>
      <translation>Corrija la fecha, o quite las entradas posteriores a {last}.</translation>
    </message>
    <message>
      <source>Give hourly readings, or a source that has the evapotranspiration itself.</source>
      <translation>Dé lecturas horarias, o una fuente que tenga la propia evapotranspiración.</translation>
    </message>
    <message>
      <source>Give one row of weather, one latitude and one row of leaves for each plant.</source>
      <translation>Dé una fila de tiempo, una latitud y una fila de hojas por cada planta.</translation>
    </message>
    <message>
      <source>Give two numbers in degrees: the longitude from -180 to 180, the latitude from -85 to 85.</source>
      <translation>Dé dos números en grados: la longitud de -180 a 180, la latitud de -85 a 85.</translation>
    </message>
    <message>
      <source>Give values, use the region's stations, or leave the readings out.</source>
      <translation>Dé valores, use las estaciones de la región, o quite las lecturas.</translation>
    </message>
    <message>
      <source>If it is per cent, write 22 % instead of 22.</source>
      <translation>Si es por ciento, escriba 22 % en lugar de 22.</translation>
    </message>
    <message>
      <source>Irrigated land</source>
      <translation>Tierra de regadío</translation>
    </message>
    <message>
      <source>Its weather covers {first} to {last}.</source>
      <translation>Su tiempo va del {first} al {last}.</translation>
    </message>
    <message>
      <source>Keep the right one, or their mean.</source>
      <translation>Conserve el correcto, o su media.</translation>
    </message>
    <message>
      <source>Leave it out if the outline is meant for the land alone.</source>
      <translation>Quítela si el contorno se refiere solo a la tierra.</translation>
    </message>
    <message>
      <source>Leave its stations out, or choose another region.</source>
      <translation>Quite sus estaciones, o elija otra región.</translation>
    </message>
    <message>
      <source>Leave the models out, or choose the method 'network'.</source>
      <translation>Quite los modelos, o elija el método «network».</translation>
    </message>
    <message>
      <source>Look at the texture and the weather of the region there, or make the map with the networks.</source>
      <translation>Mire la textura y el tiempo de la región en ese lugar, o haga el mapa con las redes.</translation>
    </message>
    <message>
      <source>Map with soil columns if the crop shall count.</source>
      <translation>Haga el mapa con columnas de suelo si el cultivo debe contar.</translation>
    </message>
    <message>
      <source>No pixel of the area has soil: {water:.0%} is open water or ice, {no_soil:.0%} has no texture in the region '{title}'.</source>
      <translation>Ningún píxel del área tiene suelo: el {water:.0%} es agua abierta o hielo, el {no_soil:.0%} no tiene textura en la región «{title}».</translation>
    </message>
    <message>
      <source>No rain is assumed in a gap, other weather is interpolated. Add the missing days to the region for a better result.</source>
      <translation>En un hueco se supone que no llueve; el resto del tiempo se interpola. Añada a la región los días que faltan para un resultado mejor.</translation>
    </message>
    <message>
      <source>No reading can be used: there is none near the depths and days of the maps.</source>
      <translation>No se puede usar ninguna lectura: no hay ninguna cerca de las profundidades y los días de los mapas.</translation>
    </message>
    <message>
      <source>Nothing is to be done, unless the year is a typing error.</source>
      <translation>No hay que hacer nada, salvo que el año sea un error de escritura.</translation>
    </message>
    <message>
      <source>Options for readings are given, and no readings.</source>
      <translation>Se han dado opciones para lecturas, y ninguna lectura.</translation>
    </message>
    <message>
      <source>See the management of a prediction.</source>
      <translation>Vea «management» de una predicción.</translation>
    </message>
    <message>
      <source>Soil columns are simulated by one task, not by {tasks}.</source>
      <translation>Las columnas de suelo las simula una tarea, no {tasks}.</translation>
    </message>
    <message>
      <source>Stations are left out of the readings, and none are used.</source>
      <translation>Se han quitado estaciones de las lecturas, y no se usa ninguna.</translation>
    </message>
    <message>
      <source>The area has {columns:,} distinct soil columns; this computer would need about {hours:,.0f} hours.</source>
      <translation>El área tiene {columns:,} columnas de suelo distintas; este ordenador necesitaría unas {hours:,.0f} horas.</translation>
    </message>
    <message>
      <source>The area has {pixels:,.0f} million pixels; maps by soil columns are made of at most {most:,.0f} million.</source>
      <translation>El área tiene {pixels:,.0f} millones de píxeles; los mapas por columnas de suelo se hacen de {most:,.0f} millones como máximo.</translation>
    </message>
    <message>
      <source>The area is open water or ice all over, by the land cover of the region. Its map has no values.</source>
      <translation>Según la cubierta del suelo de la región, toda el área es agua abierta o hielo. Su mapa no tiene valores.</translation>
    </message>
    <message>
      <source>The file {path} is not a list of the water of fields: {place}: {problem}.</source>
      <translation>El archivo {path} no es una lista del agua de parcelas: {place}: {problem}.</translation>
    </message>
    <message>
      <source>The file {path} is not YAML: {error}.</source>
      <translation>El archivo {path} no es YAML: {error}.</translation>
    </message>
    <message>
      <source>The irrigation log begins on {day}, and the weather of the region on {begin}. Water before that day has no effect.</source>
      <translation>El registro de riego empieza el {day}, y el tiempo de la región el {begin}. El agua anterior a ese día no tiene efecto.</translation>
    </message>
    <message>
      <source>The irrigation log has water on {day}, and the region has no precipitation for this day.</source>
      <translation>El registro de riego tiene agua el {day}, y la región no tiene precipitación de ese día.</translation>
    </message>
    <message>
      <source>The irrigation log has water on {day}; the region has weather from {first} to {last}.</source>
      <translation>El registro de riego tiene agua el {day}; la región tiene tiempo del {first} al {last}.</translation>
    </message>
    <message>
      <source>The networks do not know crops: the crop '{crop}' has no effect on the map.</source>
      <translation>Las redes no conocen cultivos: el cultivo «{crop}» no tiene efecto en el mapa.</translation>
    </message>
    <message>
      <source>The place is not a longitude and a latitude.</source>
      <translation>El lugar no es una longitud y una latitud.</translation>
    </message>
    <message>
      <source>The reading '{text}' cannot be read.</source>
      <translation>No se puede leer la lectura «{text}».</translation>
    </message>
    <message>
      <source>The reading '{text}' has a date, depth or place that does not exist.</source>
      <translation>La lectura «{text}» tiene una fecha, una profundidad o un lugar que no existe.</translation>
    </message>
    <message>
      <source>The reading '{text}' is {theta:g} m³/m³; no soil holds that.</source>
      <translation>La lectura «{text}» es {theta:g} m³/m³; ningún suelo contiene tanto.</translation>
    </message>
    <message>
      <source>The region '{title}' has no soil at {longitude:.5f}, {latitude:.5f}: it is outside, open water, or without texture.</source>
      <translation>La región «{title}» no tiene suelo en {longitude:.5f}, {latitude:.5f}: está fuera, es agua abierta o no tiene textura.</translation>
    </message>
    <message>
      <source>The region '{title}' has no soil data for {share:.0%} of the area. The map has no values there.</source>
      <translation>La región «{title}» no tiene datos de suelo para el {share:.0%} del área. Allí el mapa no tiene valores.</translation>
    </message>
    <message>
      <source>The region {title!r} has no weather for {day}.</source>
      <translation>La región {title!r} no tiene tiempo del {day}.</translation>
    </message>
    <message>
      <source>The region {title!r} has no {channel} from {first} to {last}; a gap of more than {longest} days cannot be filled.</source>
      <translation>La región {title!r} no tiene {channel} del {first} al {last}; un hueco de más de {longest} días no se puede rellenar.</translation>
    </message>
    <message>
      <source>The region {title!r} has {count} weather cells; this comparison takes one.</source>
      <translation>La región {title!r} tiene {count} celdas de tiempo; esta comparación usa una.</translation>
    </message>
    <message>
      <source>The sensor '{sensor}' has two values at {depth_cm:g} cm on {day}: {first_value:g} and {second_value:g} m³/m³.</source>
      <translation>El sensor «{sensor}» tiene dos valores a {depth_cm:g} cm el {day}: {first_value:g} y {second_value:g} m³/m³.</translation>
    </message>
    <message>
      <source>The series from {start} to {end} has {days:,} days.</source>
      <translation>La serie del {start} al {end} tiene {days:,} días.</translation>
    </message>
    <message>
      <source>The simulation failed: {share:.0%} of the draws of a soil column did not converge, so neither a mean nor an interval can be given.</source>
      <translation>La simulación falló: el {share:.0%} de los sorteos de una columna de suelo no convergió, así que no se puede dar ni una media ni un intervalo.</translation>
    </message>
    <message>
      <source>The weather of {path} has gaps of more than {days} days.</source>
      <translation>El tiempo de {path} tiene huecos de más de {days} días.</translation>
    </message>
    <message>
      <source>There is no crop '{crop}' in the table of crops.</source>
      <translation>No hay ningún cultivo «{crop}» en la tabla de cultivos.</translation>
    </message>
    <message>
      <source>There is no {channel} for {days}; the gap was filled.</source>
      <translation>No hay {channel} para {days}; el hueco se ha rellenado.</translation>
    </message>
    <message>
      <source>Use a region with one weather station, as Kings Creek.</source>
      <translation>Use una región con una sola estación meteorológica, como Kings Creek.</translation>
    </message>
    <message>
      <source>Use one of these: {crops}.</source>
      <translation>Use uno de estos: {crops}.</translation>
    </message>
    <message>
      <source>Use the region's stations, or leave out no station.</source>
      <translation>Use las estaciones de la región, o no quite ninguna.</translation>
    </message>
    <message>
      <source>Weather, latitudes and leaves are not those of {plants} plants on {days} days.</source>
      <translation>El tiempo, las latitudes y las hojas no son los de {plants} plantas en {days} días.</translation>
    </message>
    <message>
      <source>What is said of the field's water and crop cannot be used: {what}.</source>
      <translation>No se puede usar lo que se dice del agua y el cultivo de la parcela: {what}.</translation>
    </message>
    <message>
      <source>Write it as: {example}</source>
      <translation>Escríbala así: {example}</translation>
    </message>
    <message>
      <source>docs/contract.md describes an entry (options.management).</source>
      <translation>docs/contract.md describe una entrada (options.management).</translation>
    </message>
    <message>
      <source>{count} days, the first of them {day}</source>
      <translation>{count} días, el primero el {day}</translation>
    </message>
    <message>
      <source>{count} of {total} fields are open water or ice all over, by the land cover of the region. Their maps have no values: {names}.</source>
      <translation>Según la cubierta del suelo de la región, {count} de {total} parcelas son por entero agua abierta o hielo. Sus mapas no tienen valores: {names}.</translation>
    </message>
    <message>
      <source>{count} of {total} own readings are from frozen ground and are not used: {which}.</source>
      <translation>{count} de {total} lecturas propias son de suelo helado y no se usan: {which}.</translation>
    </message>
    <message>
      <source>{count} of {total} readings are at other depths than the maps and are not used: {which}.</source>
      <translation>{count} de {total} lecturas son de otras profundidades que los mapas y no se usan: {which}.</translation>
    </message>
    <message>
      <source>{count} of {total} readings are more than {near_km:g} km from the area and are not used: {which}.</source>
      <translation>{count} de {total} lecturas están a más de {near_km:g} km del área y no se usan: {which}.</translation>
    </message>
    <message>
      <source>{count} of {total} readings are of days after the last map and are not used: {which}.</source>
      <translation>{count} de {total} lecturas son de días posteriores al último mapa y no se usan: {which}.</translation>
    </message>
    <message>
      <source>{done:,} of {total:,} soil columns</source>
      <translation>{done:,} de {total:,} columnas de suelo</translation>
    </message>
    <message>
      <source>{file} has a reading every {hours:g} hours; the minimum and maximum temperature of a day cannot be told from so few.</source>
      <translation>{file} tiene una lectura cada {hours:g} horas; con tan pocas no se pueden saber la temperatura mínima y la máxima de un día.</translation>
    </message>
    <message>
      <source>{sensor} at {depth_cm:g} cm ({day}, {count} readings) is {amount:+.2f} m³/m³ from what all other readings and the map say, {deviations:.1f} standard deviations. It counts for less.</source>
      <translation>{sensor} a {depth_cm:g} cm ({day}, {count} lecturas) está a {amount:+.2f} m³/m³ de lo que dicen todas las demás lecturas y el mapa, {deviations:.1f} desviaciones típicas. Cuenta menos.</translation>
    </message>
    <message>
      <source>{share:.0%} of the area is open water or ice. The map has no values there.</source>
      <translation>El {share:.0%} del área es agua abierta o hielo. Allí el mapa no tiene valores.</translation>
    </message>
    <message>
      <source>Add them up: one line for each day.</source>
      <translation>Súmelas: una línea por día.</translation>
    </message>
    <message>
      <source>Alfalfa</source>
      <translation>Alfalfa</translation>
    </message>
    <message>
      <source>Barley</source>
      <translation>Cebada</translation>
    </message>
    <message>
      <source>Check the unit: 25 mm are 25 litres on a square metre.</source>
      <translation>Compruebe la unidad: 25 mm son 25 litros por metro cuadrado.</translation>
    </message>
    <message>
      <source>Corn (maize)</source>
      <translation>Maíz</translation>
    </message>
    <message>
      <source>Cotton</source>
      <translation>Algodón</translation>
    </message>
    <message>
      <source>Dry bean</source>
      <translation>Judía seca (frijol)</translation>
    </message>
    <message>
      <source>Dry pea</source>
      <translation>Guisante seco</translation>
    </message>
    <message>
      <source>Give a date and an amount in each line.</source>
      <translation>Dé una fecha y una cantidad en cada línea.</translation>
    </message>
    <message>
      <source>Give a line for each day with water, e.g. 2023-07-04;25.</source>
      <translation>Dé una línea por cada día con agua, p. ej. 2023-07-04;25.</translation>
    </message>
    <message>
      <source>Give a number, e.g. 25.4 or 25,4.</source>
      <translation>Dé un número, p. ej. 25.4 o 25,4.</translation>
    </message>
    <message>
      <source>Give the dates and the water alone.</source>
      <translation>Dé solo las fechas y el agua.</translation>
    </message>
    <message>
      <source>Give what reached the field, or leave the line out.</source>
      <translation>Dé lo que llegó a la parcela, o quite la línea.</translation>
    </message>
    <message>
      <source>Grain sorghum</source>
      <translation>Sorgo</translation>
    </message>
    <message>
      <source>Grass hay</source>
      <translation>Heno de gramíneas</translation>
    </message>
    <message>
      <source>Grazed pasture</source>
      <translation>Pasto de pastoreo</translation>
    </message>
    <message>
      <source>Keep one of them.</source>
      <translation>Conserve una de ellas.</translation>
    </message>
    <message>
      <source>Leave early years out.</source>
      <translation>Quite los primeros años.</translation>
    </message>
    <message>
      <source>Lentil</source>
      <translation>Lenteja</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log has no water.</source>
      <translation>La línea {line} del registro de riego no tiene agua.</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log has too many columns: {text}.</source>
      <translation>La línea {line} del registro de riego tiene demasiadas columnas: {text}.</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log: '{text}' is not a date.</source>
      <translation>Línea {line} del registro de riego: «{text}» no es una fecha.</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log: '{text}' is not an amount of water.</source>
      <translation>Línea {line} del registro de riego: «{text}» no es una cantidad de agua.</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log: the water on {day} is negative ({mm:g} mm).</source>
      <translation>Línea {line} del registro de riego: el agua del {day} es negativa ({mm:g} mm).</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log: {mm:g} mm on {day} is more than {most:g} mm, which no field takes in a day.</source>
      <translation>Línea {line} del registro de riego: {mm:g} mm el {day} es más de {most:g} mm, que ninguna parcela recibe en un día.</translation>
    </message>
    <message>
      <source>Line {line} of the irrigation log: {text} may be two different days.</source>
      <translation>Línea {line} del registro de riego: {text} puede ser dos días distintos.</translation>
    </message>
    <message>
      <source>Lines {first} and {line} both have water on {day}.</source>
      <translation>Las líneas {first} y {line} tienen agua el {day}.</translation>
    </message>
    <message>
      <source>Millet</source>
      <translation>Mijo</translation>
    </message>
    <message>
      <source>Name the columns date and mm (or in, for inches), e.g. date;mm.</source>
      <translation>Llame a las columnas date y mm (o in, para pulgadas), p. ej. date;mm.</translation>
    </message>
    <message>
      <source>Name the columns in the first line: date;mm, or date;in for inches.</source>
      <translation>Nombre las columnas en la primera línea: date;mm, o date;in para pulgadas.</translation>
    </message>
    <message>
      <source>Oats</source>
      <translation>Avena</translation>
    </message>
    <message>
      <source>Peanut (groundnut)</source>
      <translation>Cacahuete (maní)</translation>
    </message>
    <message>
      <source>Potato</source>
      <translation>Patata (papa)</translation>
    </message>
    <message>
      <source>Rice</source>
      <translation>Arroz</translation>
    </message>
    <message>
      <source>Soybean</source>
      <translation>Soja</translation>
    </message>
    <message>
      <source>Spring canola (rapeseed)</source>
      <translation>Colza de primavera</translation>
    </message>
    <message>
      <source>Spring wheat</source>
      <translation>Trigo de primavera</translation>
    </message>
    <message>
      <source>Sugar beet</source>
      <translation>Remolacha azucarera</translation>
    </message>
    <message>
      <source>Sunflower</source>
      <translation>Girasol</translation>
    </message>
    <message>
      <source>The dates of the irrigation log are not of one kind: {one} and {other}.</source>
      <translation>Las fechas del registro de riego no son de una sola forma: {one} y {other}.</translation>
    </message>
    <message>
      <source>The first line of the irrigation log does not name a date and its water: {line}.</source>
      <translation>La primera línea del registro de riego no nombra una fecha y su agua: {line}.</translation>
    </message>
    <message>
      <source>The irrigation log does not say in which unit its water is.</source>
      <translation>El registro de riego no dice en qué unidad está el agua.</translation>
    </message>
    <message>
      <source>The irrigation log has two columns of water: {names}.</source>
      <translation>El registro de riego tiene dos columnas de agua: {names}.</translation>
    </message>
    <message>
      <source>The irrigation log has {count:,} lines; {most:,} is the most.</source>
      <translation>El registro de riego tiene {count:,} líneas; el máximo es {most:,}.</translation>
    </message>
    <message>
      <source>The irrigation log is empty.</source>
      <translation>El registro de riego está vacío.</translation>
    </message>
    <message>
      <source>The irrigation log is longer than {most:,} characters.</source>
      <translation>El registro de riego tiene más de {most:,} caracteres.</translation>
    </message>
    <message>
      <source>Tomato</source>
      <translation>Tomate</translation>
    </message>
    <message>
      <source>Where numbers have a decimal comma, put semicolons between the columns.</source>
      <translation>Si los números llevan coma decimal, separe las columnas con punto y coma.</translation>
    </message>
    <message>
      <source>Winter wheat</source>
      <translation>Trigo de invierno</translation>
    </message>
    <message>
      <source>Write dates as YYYY-MM-DD.</source>
      <translation>Escriba las fechas como AAAA-MM-DD.</translation>
    </message>
    <message>
      <source>Write them as YYYY-MM-DD.</source>
      <translation>Escríbalas como AAAA-MM-DD.</translation>
    </message>
    <message>
      <source>Crop</source>
      <translation>Cultivo</translation>
    </message>
    <message>
      <source>Compare with readings of the field before decisions depend on them.</source>
      <translation>Compare con lecturas del campo antes de que de ellos dependan decisiones.</translation>
    </message>
    <message>
      <source>Give the tables of an evaluation at this depth.</source>
      <translation>Dé las tablas de una evaluación a esta profundidad.</translation>
    </message>
    <message>
      <source>Set split.kind to leave_station_out or leave_station_and_year_out.</source>
      <translation>Ponga en split.kind leave_station_out o leave_station_and_year_out.</translation>
    </message>
    <message>
      <source>Set {field} to a number from 0 to {last}.</source>
      <translation>Ponga en {field} un número de 0 a {last}.</translation>
    </message>
    <message>
      <source>The 90 % intervals of {models} do not hold on irrigated fields: no irrigated station took part in their calibration.</source>
      <translation>Los intervalos del 90 % de {models} no valen en campos regados: ninguna estación regada participó en su calibración.</translation>
    </message>
    <message>
      <source>The split {kind} has no folds of stations.</source>
      <translation>La división {kind} no tiene partes de estaciones.</translation>
    </message>
    <message>
      <source>The tables have no reading beside a prediction at {depth_cm} cm.</source>
      <translation>Las tablas no tienen ninguna lectura junto a una predicción a {depth_cm} cm.</translation>
    </message>
    <message>
      <source>Use the readings of at least {fewest} stations.</source>
      <translation>Use las lecturas de al menos {fewest} estaciones.</translation>
    </message>
    <message>
      <source>{count} stations are too few for intervals of {coverage:.0%}.</source>
      <translation>{count} estaciones son muy pocas para intervalos del {coverage:.0%}.</translation>
    </message>
    <message>
      <source>{file} cannot be used: {problem}.</source>
      <translation>{file} no se puede usar: {problem}.</translation>
    </message>
    <message>
      <source>Nothing is to be done, unless the amount is a typing error.</source>
      <translation>No hay que hacer nada, salvo que la cantidad sea un error de escritura.</translation>
    </message>
    <message>
      <source>The irrigation log has {mm:g} mm on {day}. The networks know at most {most:g} mm a day; what is more counts only in the sums of several days.</source>
      <translation>El registro de riego tiene {mm:g} mm el {day}. Las redes conocen como máximo {most:g} mm al día; lo que pasa de ahí cuenta solo en las sumas de varios días.</translation>
    </message>
    <message>
      <source>Check the unit (m³/m³, not per cent or mass) and the suction of field capacity.</source>
      <translation>Compruebe la unidad (m³/m³, no por ciento ni masa) y la succión de la capacidad de campo.</translation>
    </message>
    <message>
      <source>Check the values and their unit.</source>
      <translation>Compruebe los valores y su unidad.</translation>
    </message>
    <message>
      <source>Give one depth in cm for each layer.</source>
      <translation>Indique una profundidad en cm para cada capa.</translation>
    </message>
    <message>
      <source>Measured water contents must rise from wilting point to field capacity to saturation, between 0 and 1 m³/m³; {count} soils have others, the first {found}.</source>
      <translation>Los contenidos de agua medidos deben aumentar del punto de marchitez a la capacidad de campo y a la saturación, entre 0 y 1 m³/m³; {count} suelos tienen otros, el primero {found}.</translation>
    </message>
    <message>
      <source>No retention curve near that of its texture meets the water contents of {count} soils; the first has {found} at wilting point, field capacity and saturation.</source>
      <translation>Ninguna curva de retención cercana a la de su textura cumple los contenidos de agua de {count} suelos; el primero tiene {found} en el punto de marchitez, la capacidad de campo y la saturación.</translation>
    </message>
    <message>
      <source>Write yes, no, or nothing where it is not known.</source>
      <translation>Escriba yes (sí), no, o nada donde no se sepa.</translation>
    </message>
    <message>
      <source>{count} lower edges were given for {layers} layers; each must be deeper than the one before.</source>
      <translation>Se indicaron {count} bordes inferiores para {layers} capas; cada uno debe ser más profundo que el anterior.</translation>
    </message>
    <message>
      <source>{file}: '{word}' in column {column!r} is neither yes nor no.</source>
      <translation>{file}: «{word}» en la columna {column!r} no es ni yes (sí) ni no.</translation>
    </message>
    <message>
      <source>{number} of {stations} stations</source>
      <translation>{number} de {stations} estaciones</translation>
    </message>
    <message>
      <source>Check the places of the readings.</source>
      <translation>Compruebe los lugares de las lecturas.</translation>
    </message>
    <message>
      <source>Extend the weather of the region.</source>
      <translation>Amplíe la meteorología de la región.</translation>
    </message>
    <message>
      <source>No reading lies where the region has soil.</source>
      <translation>Ninguna lectura está donde la región tiene suelo.</translation>
    </message>
    <message>
      <source>Readings: {count:,} at {places} places</source>
      <translation>Lecturas: {count:,} en {places} lugares</translation>
    </message>
    <message>
      <source>{count} of {total} readings are of days for which the region has no weather and are not used: {which}.</source>
      <translation>{count} de {total} lecturas son de días para los que la región no tiene datos meteorológicos y no se usan: {which}.</translation>
    </message>
    <message>
      <source>Give the tables of a longer period.</source>
      <translation>Dé las tablas de un periodo más largo.</translation>
    </message>
    <message>
      <source>No station of the tables has readings a week apart.</source>
      <translation>Ninguna estación de las tablas tiene lecturas con una semana de diferencia.</translation>
    </message>
    <message>
      <source>The tables have no station '{name}'.</source>
      <translation>Las tablas no tienen la estación «{name}».</translation>
    </message>
    <message>
      <source>They have: {ids}.</source>
      <translation>Tienen: {ids}.</translation>
    </message>
    <message>
      <source>A series cannot be made by the method '{method}'.</source>
      <translation>No se puede hacer una serie con el método «{method}».</translation>
    </message>
    <message>
      <source>The methods are column and network.</source>
      <translation>Los métodos son column y network.</translation>
    </message>
    <message>
      <source>A share of simulated batches is not between 0 and 1.</source>
      <translation>La proporción de lotes simulados no está entre 0 y 1.</translation>
    </message>
    <message>
      <source>Add the channel hydroblocks to its recipe, or set supervision.simulated to columns or region.</source>
      <translation>Añada el canal hydroblocks a su receta, o ponga supervision.simulated en columns o region.</translation>
    </message>
    <message>
      <source>Ask for this depth.</source>
      <translation>Pida esta profundidad.</translation>
    </message>
    <message>
      <source>Available water content</source>
      <translation>Contenido de agua disponible</translation>
    </message>
    <message>
      <source>Choose other days. It passes every two or three days and sees no frozen ground.</source>
      <translation>Elija otros días. Pasa cada dos o tres días y no ve el suelo helado.</translation>
    </message>
    <message>
      <source>Correct them, or add files.</source>
      <translation>Corríjalas, o añada archivos.</translation>
    </message>
    <message>
      <source>Export it from the release's database.</source>
      <translation>Expórtela de la base de datos de la publicación.</translation>
    </message>
    <message>
      <source>Fetch both layers in one request.</source>
      <translation>Obtenga las dos capas en una sola petición.</translation>
    </message>
    <message>
      <source>Fetch it, or leave the scene out.</source>
      <translation>Obténgalo, o quite la escena.</translation>
    </message>
    <message>
      <source>Fetch the files of the scene again.</source>
      <translation>Obtenga de nuevo los archivos de la escena.</translation>
    </message>
    <message>
      <source>Fetch the layer FparLai_QC too.</source>
      <translation>Obtenga también la capa FparLai_QC.</translation>
    </message>
    <message>
      <source>Field capacity (33 kPa) of the soil survey</source>
      <translation>Capacidad de campo (33 kPa) del mapa de suelos</translation>
    </message>
    <message>
      <source>Give files of one product to one channel.</source>
      <translation>Dé a cada canal archivos de un solo producto.</translation>
    </message>
    <message>
      <source>Give files of one product: composites of 4 and of 8 days cannot be mixed.</source>
      <translation>Dé archivos de un solo producto: no se pueden mezclar compuestos de 4 y de 8 días.</translation>
    </message>
    <message>
      <source>Give shares such as 0 0.5 1.</source>
      <translation>Dé proporciones como 0 0.5 1.</translation>
    </message>
    <message>
      <source>Give the weather from the day after the state.</source>
      <translation>Dé los datos meteorológicos desde el día siguiente al del estado.</translation>
    </message>
    <message>
      <source>Ingest both from the same files.</source>
      <translation>Haga la ingesta de ambos con los mismos archivos.</translation>
    </message>
    <message>
      <source>It is a file of another product or version; {parent} holds: {names}.</source>
      <translation>Es un archivo de otro producto o versión; {parent} contiene: {names}.</translation>
    </message>
    <message>
      <source>It is a file of another version. Use one that this kind of source knows, or the kind netcdf or raster, which say everything.</source>
      <translation>Es un archivo de otra versión. Use uno que conozca este tipo de fuente, o el tipo netcdf o raster, en los que se indica todo.</translation>
    </message>
    <message>
      <source>Keep the published names, and let the pattern take SR_B and QA_PIXEL files only.</source>
      <translation>Conserve los nombres publicados, y haga que el patrón tome solo los archivos SR_B y QA_PIXEL.</translation>
    </message>
    <message>
      <source>Keep the published names, or take another kind of source.</source>
      <translation>Conserve los nombres publicados, o use otro tipo de fuente.</translation>
    </message>
    <message>
      <source>Landsat near infrared</source>
      <translation>Infrarrojo cercano de Landsat</translation>
    </message>
    <message>
      <source>Leave out the other depths.</source>
      <translation>Quite las demás profundidades.</translation>
    </message>
    <message>
      <source>Make them again with `deepsoil sample REGION --windows`.</source>
      <translation>Hágalas de nuevo con `deepsoil sample REGION --windows`.</translation>
    </message>
    <message>
      <source>Make them with `deepsoil sample REGION --windows FILE`.</source>
      <translation>Hágalas con `deepsoil sample REGION --windows ARCHIVO`.</translation>
    </message>
    <message>
      <source>Map of {day}, {number} of {total}</source>
      <translation>Mapa del {day}, {number} de {total}</translation>
    </message>
    <message>
      <source>Measured water content at 1500 kPa</source>
      <translation>Contenido de agua medido a 1500 kPa</translation>
    </message>
    <message>
      <source>Measured water content at 33 kPa</source>
      <translation>Contenido de agua medido a 33 kPa</translation>
    </message>
    <message>
      <source>Networks do not know a measured soil.</source>
      <translation>Las redes no conocen un suelo medido.</translation>
    </message>
    <message>
      <source>No Landsat scene of {channel} lies within the dates and months of the recipe.</source>
      <translation>Ninguna escena Landsat de {channel} está dentro de las fechas y los meses de la receta.</translation>
    </message>
    <message>
      <source>No day of {channel} with a value lies within the area and the dates of the recipe.</source>
      <translation>Ningún día de {channel} con algún valor está dentro del área y las fechas de la receta.</translation>
    </message>
    <message>
      <source>Porosity</source>
      <translation>Porosidad</translation>
    </message>
    <message>
      <source>Readings: {number} of {stations} stations</source>
      <translation>Lecturas: {number} de {stations} estaciones</translation>
    </message>
    <message>
      <source>SMAP has no retrieval over '{title}' from {start} to {end}.</source>
      <translation>SMAP no tiene ninguna estimación sobre «{title}» de {start} a {end}.</translation>
    </message>
    <message>
      <source>SMAP is compared with maps of {depth} cm.</source>
      <translation>SMAP se compara con mapas de {depth} cm.</translation>
    </message>
    <message>
      <source>SMAP soil moisture that is not recommended (for comparison)</source>
      <translation>Humedad del suelo de SMAP no recomendada (para comparar)</translation>
    </message>
    <message>
      <source>SMAP-HydroBlocks surface soil moisture (a target, no input)</source>
      <translation>Humedad superficial del suelo de SMAP-HydroBlocks (un objetivo, no una entrada)</translation>
    </message>
    <message>
      <source>Take weather and maps of the same years into the recipe.</source>
      <translation>Ponga en la receta datos meteorológicos y mapas de los mismos años.</translation>
    </message>
    <message>
      <source>The HydroBlocks maps of '{title}' are of {first} to {last}, when the region has no weather.</source>
      <translation>Los mapas HydroBlocks de «{title}» van de {first} a {last}, cuando la región no tiene datos meteorológicos.</translation>
    </message>
    <message>
      <source>The channels smap and smap_flagged of the region lie on different grids.</source>
      <translation>Los canales smap y smap_flagged de la región están en mallas distintas.</translation>
    </message>
    <message>
      <source>The coordinates in {file} are not those of the EASE-Grid 2.0 with as many cells.</source>
      <translation>Las coordenadas de {file} no son las de la EASE-Grid 2.0 con ese número de celdas.</translation>
    </message>
    <message>
      <source>The download may have been cut off. Fetch the file again.</source>
      <translation>Puede que la descarga se haya cortado. Obtenga el archivo de nuevo.</translation>
    </message>
    <message>
      <source>The files of one channel are of {products}.</source>
      <translation>Los archivos de un mismo canal son de {products}.</translation>
    </message>
    <message>
      <source>The kept state {path} of a field is not used: {why}. The field is simulated from an earlier day.</source>
      <translation>El estado guardado {path} de una parcela no se usa: {why}. La parcela se simula desde un día anterior.</translation>
    </message>
    <message>
      <source>The median of POLARIS's alpha would be {median:.4f} 1/cm, which no soil has.</source>
      <translation>La mediana de alpha de POLARIS sería {median:.4f} 1/cm, que no tiene ningún suelo.</translation>
    </message>
    <message>
      <source>The quality flags of {file} are missing: there is no {other} beside it.</source>
      <translation>Faltan las marcas de calidad de {file}: no hay ningún {other} junto a él.</translation>
    </message>
    <message>
      <source>The region '{title}' has no HydroBlocks maps to learn from.</source>
      <translation>La región «{title}» no tiene mapas HydroBlocks de los que aprender.</translation>
    </message>
    <message>
      <source>The region '{title}' has no SMAP soil moisture.</source>
      <translation>La región «{title}» no tiene humedad del suelo de SMAP.</translation>
    </message>
    <message>
      <source>The scene {scene} has no file {scene}_{layer}.TIF.</source>
      <translation>La escena {scene} no tiene el archivo {scene}_{layer}.TIF.</translation>
    </message>
    <message>
      <source>The state is of {day}, and what is ahead begins on {first}.</source>
      <translation>El estado es del {day}, y lo que sigue empieza el {first}.</translation>
    </message>
    <message>
      <source>The table {table} has no column {column}.</source>
      <translation>La tabla {table} no tiene la columna {column}.</translation>
    </message>
    <message>
      <source>The tiles are not in log10(1/kPa). Give them by the kind raster with their unit.</source>
      <translation>Las teselas no están en log10(1/kPa). Indíquelas con el tipo raster y su unidad.</translation>
    </message>
    <message>
      <source>The windows {file} are not those of a network for {depth_cm} cm.</source>
      <translation>Las ventanas {file} no son las de una red para {depth_cm} cm.</translation>
    </message>
    <message>
      <source>There is no table {table}.csv or {table}.parquet in {folder}.</source>
      <translation>No hay ninguna tabla {table}.csv ni {table}.parquet en {folder}.</translation>
    </message>
    <message>
      <source>Thickness of the soil</source>
      <translation>Espesor del suelo</translation>
    </message>
    <message>
      <source>Use Collection 2 Level 2 (…_L2SP_…_02_…).</source>
      <translation>Use la Colección 2, nivel 2 (…_L2SP_…_02_…).</translation>
    </message>
    <message>
      <source>Use files of SPL3SMP or SPL3SMP_E that cover the whole grid.</source>
      <translation>Use archivos de SPL3SMP o SPL3SMP_E que cubran toda la malla.</translation>
    </message>
    <message>
      <source>Use keys and tables of one release.</source>
      <translation>Use claves y tablas de una misma publicación.</translation>
    </message>
    <message>
      <source>Use soil columns (method column), or leave the soil out.</source>
      <translation>Use columnas de suelo (método column), o quite el suelo.</translation>
    </message>
    <message>
      <source>Use the 500 m product as published.</source>
      <translation>Use el producto de 500 m tal como se publicó.</translation>
    </message>
    <message>
      <source>Use the file as published, or the kind raster.</source>
      <translation>Use el archivo tal como se publicó, o el tipo raster.</translation>
    </message>
    <message>
      <source>Use the file as the post-processing writes it.</source>
      <translation>Use el archivo tal como lo escribe el posprocesamiento.</translation>
    </message>
    <message>
      <source>Use the global files as published.</source>
      <translation>Use los archivos globales tal como se publicaron.</translation>
    </message>
    <message>
      <source>spinup_days must not be negative, and 0 where a run is continued.</source>
      <translation>spinup_days no puede ser negativo, y debe ser 0 si se continúa una ejecución.</translation>
    </message>
    <message>
      <source>{count} map units of {file}, on {share:.1%} of the area, are not in the tables, {key} for example.</source>
      <translation>{count} unidades cartográficas de {file}, en el {share:.1%} del área, no están en las tablas, por ejemplo {key}.</translation>
    </message>
    <message>
      <source>{file} and {other} lie on different grids.</source>
      <translation>{file} y {other} están en mallas distintas.</translation>
    </message>
    <message>
      <source>{file} cannot be read as HDF-EOS 2 with Lai_500m and FparLai_QC: {error}.</source>
      <translation>{file} no se puede leer como HDF-EOS 2 con Lai_500m y FparLai_QC: {error}.</translation>
    </message>
    <message>
      <source>{file} cannot be read as HDF5: {error}.</source>
      <translation>{file} no se puede leer como HDF5: {error}.</translation>
    </message>
    <message>
      <source>{file} does not lie on an even longitude-latitude grid.</source>
      <translation>{file} no está en una malla regular de longitud y latitud.</translation>
    </message>
    <message>
      <source>{file} has no {name!r}.</source>
      <translation>{file} no tiene {name!r}.</translation>
    </message>
    <message>
      <source>{file} has {rows} × {columns} cells, which is none of {grids}.</source>
      <translation>{file} tiene {rows} × {columns} celdas, lo que no es ninguna de {grids}.</translation>
    </message>
    <message>
      <source>{file} holds {type} with the scale {scale}; a layer of a scene is published as uint16 with the scale {wanted}.</source>
      <translation>{file} contiene {type} con la escala {scale}; una capa de una escena se publica como uint16 con la escala {wanted}.</translation>
    </message>
    <message>
      <source>{file} holds {type} with the scale {scale}; leaf area is published as whole numbers with the scale {wanted}.</source>
      <translation>{file} contiene {type} con la escala {scale}; el área foliar se publica como números enteros con la escala {wanted}.</translation>
    </message>
    <message>
      <source>{file} is not named as a layer of a Landsat scene is ({example}).</source>
      <translation>{file} no se llama como una capa de una escena Landsat ({example}).</translation>
    </message>
    <message>
      <source>{file} is not named as files of {product} are ({example}), so its day is not known.</source>
      <translation>{file} no se llama como los archivos de {product} ({example}), así que no se conoce su día.</translation>
    </message>
    <message>
      <source>{file} is of collection {collection}, level {level}; its numbers mean something else.</source>
      <translation>{file} es de la colección {collection}, nivel {level}; sus números significan otra cosa.</translation>
    </message>
    <message>
      <source>{file} lies on another grid than the QA_PIXEL of its scene.</source>
      <translation>{file} está en otra malla que el QA_PIXEL de su escena.</translation>
    </message>
    <message>
      <source>{file} lies on another grid than the first file of the channel.</source>
      <translation>{file} está en otra malla que el primer archivo del canal.</translation>
    </message>
    <message>
      <source>{file}: its times are no dates.</source>
      <translation>{file}: sus tiempos no son fechas.</translation>
    </message>
    <message>
      <source>{file}: {dataset} has {attribute} {found}, but {wanted} is documented.</source>
      <translation>{file}: {dataset} tiene {attribute} {found}, pero lo documentado es {wanted}.</translation>
    </message>
    <message>
      <source>{file}: {name} has the shape {shape}, a tile has {size} × {size} pixels.</source>
      <translation>{file}: {name} tiene la forma {shape}; una tesela tiene {size} × {size} píxeles.</translation>
    </message>
    <message>
      <source>{plan} names windows that are not there: {file}.</source>
      <translation>{plan} nombra ventanas que no están: {file}.</translation>
    </message>
    <message>
      <source>Ingest SMAP with the cells around the area.</source>
      <translation>Ingiera SMAP con las celdas que rodean la zona.</translation>
    </message>
    <message>
      <source>The region '{title}' has a single row or column of SMAP's cells, which does not say how large they are.</source>
      <translation>La región '{title}' tiene una sola fila o columna de celdas de SMAP, y eso no dice qué tamaño tienen.</translation>
    </message>
    <message>
      <source>Another archive is asked instead, if there is one. Please send the job's log to the developers.</source>
      <translation>Se consulta otro archivo en su lugar, si lo hay. Envíe el registro del trabajo a los desarrolladores.</translation>
    </message>
    <message>
      <source>Another job is just gathering into {folder}.</source>
      <translation>Otro trabajo está descargando ahora en {folder}.</translation>
    </message>
    <message>
      <source>Ask for days that are over.</source>
      <translation>Pida días que ya hayan pasado.</translation>
    </message>
    <message>
      <source>Ask for other days.</source>
      <translation>Pida otros días.</translation>
    </message>
    <message>
      <source>Check that the file is whole and of this kind; up to 0.1 % can be let through with `unknown_classes`.</source>
      <translation>Compruebe que el archivo está entero y es de este tipo; con `unknown_classes` se puede admitir hasta el 0.1 %.</translation>
    </message>
    <message>
      <source>Check the account in DeepSoil's options, then try again.</source>
      <translation>Compruebe la cuenta en las opciones de DeepSoil y vuelva a intentarlo.</translation>
    </message>
    <message>
      <source>Check the connection to the internet and the proxy in QGIS's options, then try again.</source>
      <translation>Compruebe la conexión a internet y el proxy en las opciones de QGIS, y vuelva a intentarlo.</translation>
    </message>
    <message>
      <source>Choose a field on land there, or try again later.</source>
      <translation>Elija allí una parcela en tierra, o vuelva a intentarlo más tarde.</translation>
    </message>
    <message>
      <source>Choose a field there, or switch this archive off.</source>
      <translation>Elija allí una parcela, o desactive este archivo.</translation>
    </message>
    <message>
      <source>Choose an empty or a new folder.</source>
      <translation>Elija una carpeta vacía o nueva.</translation>
    </message>
    <message>
      <source>Choose days until then.</source>
      <translation>Elija días hasta entonces.</translation>
    </message>
    <message>
      <source>Choose days until yesterday; the next days come from an outlook.</source>
      <translation>Elija días hasta ayer; los siguientes vienen de una previsión.</translation>
    </message>
    <message>
      <source>Correct the file, or unset {variable}.</source>
      <translation>Corrija el archivo, o quite {variable}.</translation>
    </message>
    <message>
      <source>Correct them, or unset {variable}.</source>
      <translation>Corríjalos, o quite {variable}.</translation>
    </message>
    <message>
      <source>Correct user and password of the proxy in QGIS's options (Network), then try again.</source>
      <translation>Corrija el usuario y la contraseña del proxy en las opciones de QGIS (Red) y vuelva a intentarlo.</translation>
    </message>
    <message>
      <source>DeepSoil is set to work offline, and {address} of {archive} is not in the cache of archives.</source>
      <translation>DeepSoil trabaja sin conexión, y {address} de {archive} no está entre las descargas guardadas.</translation>
    </message>
    <message>
      <source>Draw the field inside the archive's area, or switch this archive off.</source>
      <translation>Dibuje la parcela dentro del área del archivo, o desactive este archivo.</translation>
    </message>
    <message>
      <source>Enter the account in DeepSoil's options, or do without.</source>
      <translation>Introduzca la cuenta en las opciones de DeepSoil, o prescinda de ella.</translation>
    </message>
    <message>
      <source>Fetch the data of its parts one after the other, or of each field alone.</source>
      <translation>Descargue los datos de sus partes una tras otra, o de cada parcela por separado.</translation>
    </message>
    <message>
      <source>Fetching {address} of {archive} was stopped.</source>
      <translation>Se detuvo la descarga de {address} de {archive}.</translation>
    </message>
    <message>
      <source>Free some space, or choose a folder on another disk.</source>
      <translation>Libere espacio, o elija una carpeta en otro disco.</translation>
    </message>
    <message>
      <source>Give --start and --end, or neither of them.</source>
      <translation>Indique --start y --end, o ninguno de los dos.</translation>
    </message>
    <message>
      <source>Give both, or none.</source>
      <translation>Indique ambas, o ninguna.</translation>
    </message>
    <message>
      <source>Give files of the same days.</source>
      <translation>Indique archivos de los mismos días.</translation>
    </message>
    <message>
      <source>Give it once, or name the stations of each part with `only`.</source>
      <translation>Indíquela una vez, o nombre las estaciones de cada parte con `only`.</translation>
    </message>
    <message>
      <source>In water, in cities and outside the United States there is no soil survey: draw the field elsewhere.</source>
      <translation>En el agua, en las ciudades y fuera de los Estados Unidos no hay cartografía de suelos: dibuje la parcela en otro lugar.</translation>
    </message>
    <message>
      <source>Its words are: {words}.</source>
      <translation>Sus palabras son: {words}.</translation>
    </message>
    <message>
      <source>Only one of the two dates is given.</source>
      <translation>Solo se indica una de las dos fechas.</translation>
    </message>
    <message>
      <source>Read the terms and agree to them, or do without.</source>
      <translation>Lea las condiciones y acéptelas, o prescinda de él.</translation>
    </message>
    <message>
      <source>Remove it, and gather into another folder or again: what the cache has is not fetched twice.</source>
      <translation>Elimínelo y descargue en otra carpeta o de nuevo: lo que está guardado no se descarga dos veces.</translation>
    </message>
    <message>
      <source>Switch it on to use it.</source>
      <translation>Actívelo para usarlo.</translation>
    </message>
    <message>
      <source>Switch the network on again, or gather where there is one.</source>
      <translation>Vuelva a activar la red, o descargue donde la haya.</translation>
    </message>
    <message>
      <source>The addresses of archives in {file} cannot be read: {error}.</source>
      <translation>Las direcciones de los archivos en {file} no se pueden leer: {error}.</translation>
    </message>
    <message>
      <source>The archives have no soil or elevation for the whole field, so no map of it can be made.</source>
      <translation>Los archivos no tienen suelo o elevación de toda la parcela, así que no se puede hacer ningún mapa de ella.</translation>
    </message>
    <message>
      <source>The data would be of {wide:,.0f} km by {high:,.0f} km; at most {most:,.0f} km by {most:,.0f} km can be fetched at once.</source>
      <translation>Los datos abarcarían {wide:,.0f} km por {high:,.0f} km; de una vez se pueden descargar como máximo {most:,.0f} km por {most:,.0f} km.</translation>
    </message>
    <message>
      <source>The disk with {folder} has {free:,.0f} MB left; the data need {needed:,.0f} MB.</source>
      <translation>En el disco de {folder} quedan {free:,.0f} MB; los datos necesitan {needed:,.0f} MB.</translation>
    </message>
    <message>
      <source>The field may lie in the sea or reach beyond the border: draw it on land, within the lower 48 states. Else try again later.</source>
      <translation>La parcela puede estar en el mar o pasar la frontera: dibújela en tierra, dentro de los 48 estados contiguos. Si no, vuelva a intentarlo más tarde.</translation>
    </message>
    <message>
      <source>The gathering was stopped.</source>
      <translation>La descarga se detuvo.</translation>
    </message>
    <message>
      <source>The proxies in {variable} cannot be used: {reason}.</source>
      <translation>Los proxies de {variable} no se pueden usar: {reason}.</translation>
    </message>
    <message>
      <source>The proxy between this computer and {archive} refuses its user or password (407), so that {address} was not fetched.</source>
      <translation>El proxy entre este equipo y {archive} rechaza su usuario o contraseña (407), así que {address} no se descargó.</translation>
    </message>
    <message>
      <source>The record {file} of what was gathered cannot be read: {error}.</source>
      <translation>El registro {file} de lo descargado no se puede leer: {error}.</translation>
    </message>
    <message>
      <source>The tile {tile} of {archive} is on another grid than its neighbours.</source>
      <translation>La tesela {tile} de {archive} está en otra rejilla que sus vecinas.</translation>
    </message>
    <message>
      <source>The two variables of a mean have no day in common.</source>
      <translation>Las dos variables de una media no tienen ningún día en común.</translation>
    </message>
    <message>
      <source>The two variables of a mean lie on different grids.</source>
      <translation>Las dos variables de una media están en rejillas distintas.</translation>
    </message>
    <message>
      <source>This engine knows no public archive.</source>
      <translation>Este motor no conoce ningún archivo público.</translation>
    </message>
    <message>
      <source>Try again later, or switch this archive off so that another one stands in for it.</source>
      <translation>Vuelva a intentarlo más tarde, o desactive este archivo para que otro lo sustituya.</translation>
    </message>
    <message>
      <source>Try again later, or switch this archive off. If it stays so, the archive has changed: update DeepSoil.</source>
      <translation>Vuelva a intentarlo más tarde, o desactive este archivo. Si sigue así, el archivo ha cambiado: actualice DeepSoil.</translation>
    </message>
    <message>
      <source>Try again later; if it stays so, the archive has changed.</source>
      <translation>Vuelva a intentarlo más tarde; si sigue así, el archivo ha cambiado.</translation>
    </message>
    <message>
      <source>Two networks of the recipe have a station with the id {ids}.</source>
      <translation>Dos redes de la receta tienen una estación con el identificador {ids}.</translation>
    </message>
    <message>
      <source>Update the engine.</source>
      <translation>Actualice el motor.</translation>
    </message>
    <message>
      <source>Wait until it ends, or cancel it.</source>
      <translation>Espere a que termine, o cancélelo.</translation>
    </message>
    <message>
      <source>What was fetched so far is kept.</source>
      <translation>Lo descargado hasta ahora se conserva.</translation>
    </message>
    <message>
      <source>{address} of {archive} does not touch the area.</source>
      <translation>{address} de {archive} no toca el área.</translation>
    </message>
    <message>
      <source>{address} of {archive} has a value on {known:.0%} of the area's pixels; at least {least:.0%} are expected.</source>
      <translation>{address} de {archive} tiene un valor en el {known:.0%} de los píxeles del área; se espera al menos el {least:.0%}.</translation>
    </message>
    <message>
      <source>{archive} cannot be reached: the name of the server in {address} is not known here.</source>
      <translation>No se puede acceder a {archive}: aquí no se conoce el nombre del servidor de {address}.</translation>
    </message>
    <message>
      <source>{archive} did not give {address}: {reason}.</source>
      <translation>{archive} no dio {address}: {reason}.</translation>
    </message>
    <message>
      <source>{archive} did not give {piece}, by none of its servers: {problems}</source>
      <translation>{archive} no dio {piece}, por ninguno de sus servidores: {problems}</translation>
    </message>
    <message>
      <source>{archive} gave a picture of another place, size or CRS than it was asked for.</source>
      <translation>{archive} dio una imagen de otro lugar, tamaño o SRC que los pedidos.</translation>
    </message>
    <message>
      <source>{archive} gave an answer for {address} that cannot be right: {what}.</source>
      <translation>{archive} dio para {address} una respuesta que no puede ser correcta: {what}.</translation>
    </message>
    <message>
      <source>{archive} gave an answer that is not understood ({error}).</source>
      <translation>{archive} dio una respuesta que no se entiende ({error}).</translation>
    </message>
    <message>
      <source>{archive} gave values from {low:g} to {high:g}; values from {least:g} to {most:g} can be.</source>
      <translation>{archive} dio valores de {low:g} a {high:g}; son posibles valores de {least:g} a {most:g}.</translation>
    </message>
    <message>
      <source>{archive} has an elevation on {share:.0%} of the field only.</source>
      <translation>{archive} tiene elevación solo en el {share:.0%} de la parcela.</translation>
    </message>
    <message>
      <source>{archive} has days from {first} to yesterday; asked for were {start} to {end}.</source>
      <translation>{archive} tiene días desde el {first} hasta ayer; se pidieron del {start} al {end}.</translation>
    </message>
    <message>
      <source>{archive} has no scenes of these days; it begins on {first}.</source>
      <translation>{archive} no tiene escenas de estos días; comienza el {first}.</translation>
    </message>
    <message>
      <source>{archive} has no values here from {start} to {end}: the place is at sea or outside of the lower 48 states, or the server is at fault.</source>
      <translation>{archive} no tiene valores aquí del {start} al {end}: el lugar está en el mar o fuera de los 48 estados contiguos, o el servidor falla.</translation>
    </message>
    <message>
      <source>{archive} has nothing after {today}.</source>
      <translation>{archive} no tiene nada después del {today}.</translation>
    </message>
    <message>
      <source>{archive} has nothing here: it covers the lower 48 states.</source>
      <translation>{archive} no tiene nada aquí: abarca los 48 estados contiguos.</translation>
    </message>
    <message>
      <source>{archive} refuses the account or key for {address} ({status}).</source>
      <translation>{archive} rechaza la cuenta o la clave para {address} ({status}).</translation>
    </message>
    <message>
      <source>{archive} refuses {address} with the token that it gave for it.</source>
      <translation>{archive} rechaza {address} con el token que dio para ello.</translation>
    </message>
    <message>
      <source>{archive}: the answer for {variable} from {start} to {end} cannot be right: {reason}.</source>
      <translation>{archive}: la respuesta para {variable} del {start} al {end} no puede ser correcta: {reason}.</translation>
    </message>
    <message>
      <source>{archive}: {done:.1f} of {total:.1f} MB in all</source>
      <translation>{archive}: {done:.1f} de {total:.1f} MB en total</translation>
    </message>
    <message>
      <source>{day} lies in the future; weather is known, or foreseen, until {last}.</source>
      <translation>El {day} está en el futuro; el tiempo se conoce o se prevé hasta el {last}.</translation>
    </message>
    <message>
      <source>{file} has no variable {variable!r} that says with `flag_meanings` how settled each day is.</source>
      <translation>{file} no tiene ninguna variable {variable!r} que diga con `flag_meanings` cuán definitivo es cada día.</translation>
    </message>
    <message>
      <source>{file} holds the codes {codes}, which are not of its legend, at {share:.2%} of the known pixels.</source>
      <translation>{file} contiene los códigos {codes}, que no son de su leyenda, en el {share:.2%} de los píxeles conocidos.</translation>
    </message>
    <message>
      <source>{folder} has other files in it.</source>
      <translation>{folder} contiene otros archivos.</translation>
    </message>
    <message>
      <source>{folder} has the data of another field.</source>
      <translation>{folder} tiene los datos de otra parcela.</translation>
    </message>
    <message>
      <source>{folder} was not gathered from public archives, so it cannot be brought up to today.</source>
      <translation>{folder} no se obtuvo de archivos públicos, así que no se puede actualizar.</translation>
    </message>
    <message>
      <source>{share:.0%} of the field has no soil or elevation in the archives; maps have holes there.</source>
      <translation>El {share:.0%} de la parcela no tiene suelo o elevación en los archivos; los mapas tienen huecos ahí.</translation>
    </message>
    <message>
      <source>{title} is switched off.</source>
      <translation>{title} está desactivado.</translation>
    </message>
    <message>
      <source>{title} is used only by those who agree to its terms.</source>
      <translation>{title} solo lo usan quienes aceptan sus condiciones.</translation>
    </message>
    <message>
      <source>{title} needs an account of {account}.</source>
      <translation>{title} necesita una cuenta de {account}.</translation>
    </message>
    <message>
      <source>A day has {mm:g} mm of irrigation.</source>
      <translation>Un día tiene {mm:g} mm de riego.</translation>
    </message>
    <message>
      <source>A map of clusters cannot be written as {name}.</source>
      <translation>Un mapa de grupos no se puede escribir como {name}.</translation>
    </message>
    <message>
      <source>A store is split into one or more parts with a margin of 0 or more tiles.</source>
      <translation>Un almacén se divide en una o más partes con un margen de 0 o más teselas.</translation>
    </message>
    <message>
      <source>Add the channels to the region's recipe (a climate needs every month of the year), or use a model without clusters.</source>
      <translation>Añada los canales a la receta de la región (un clima necesita todos los meses del año), o use un modelo sin grupos.</translation>
    </message>
    <message>
      <source>An irrigation cannot be used.</source>
      <translation>Un riego no se puede usar.</translation>
    </message>
    <message>
      <source>Ask for 1 to {most} days.</source>
      <translation>Pida de 1 a {most} días.</translation>
    </message>
    <message>
      <source>Ask for fewer clusters, or lower clusters.minimum_extents.</source>
      <translation>Pida menos grupos, o reduzca clusters.minimum_extents.</translation>
    </message>
    <message>
      <source>Ask for fewer parts, or for quadkeys of 14 characters.</source>
      <translation>Pida menos partes, o quadkeys de 14 caracteres.</translation>
    </message>
    <message>
      <source>Bring the data up to date later: observed weather then takes its place.</source>
      <translation>Actualice los datos más tarde: el tiempo observado ocupa entonces su lugar.</translation>
    </message>
    <message>
      <source>Check that the file is whole, or fetch it again.</source>
      <translation>Compruebe que el archivo está entero, o descárguelo de nuevo.</translation>
    </message>
    <message>
      <source>Choose a field on land inside the region.</source>
      <translation>Elija una parcela en tierra dentro de la región.</translation>
    </message>
    <message>
      <source>Choose later dates.</source>
      <translation>Elija fechas posteriores.</translation>
    </message>
    <message>
      <source>Choose one field of it.</source>
      <translation>Elija una de sus parcelas.</translation>
    </message>
    <message>
      <source>Correct --parts or --margin.</source>
      <translation>Corrija --parts o --margin.</translation>
    </message>
    <message>
      <source>Do without it.</source>
      <translation>Prescinda de él.</translation>
    </message>
    <message>
      <source>Either a place or an area is needed.</source>
      <translation>Se necesita un lugar o un área.</translation>
    </message>
    <message>
      <source>Fetch the data of its parts one after the other, or let another archive stand in.</source>
      <translation>Descargue los datos de sus partes una tras otra, o deje que otro archivo lo sustituya.</translation>
    </message>
    <message>
      <source>Give a GeoJSON geometry in degrees, longitude first.</source>
      <translation>Indique una geometría GeoJSON en grados, primero la longitud.</translation>
    </message>
    <message>
      <source>Give at most {most:g} mm a day.</source>
      <translation>Indique como máximo {most:g} mm al día.</translation>
    </message>
    <message>
      <source>Give one of the two.</source>
      <translation>Indique uno de los dos.</translation>
    </message>
    <message>
      <source>Give weather of at least a whole year, or a map of the climate.</source>
      <translation>Indique el tiempo de al menos un año entero, o un mapa del clima.</translation>
    </message>
    <message>
      <source>Give {{date, mm}}, with 0 to {most:g} mm.</source>
      <translation>Indique {{date, mm}}, con 0 a {most:g} mm.</translation>
    </message>
    <message>
      <source>It covers the lower 48 states of the USA. Check where the field was drawn; elsewhere, add a region folder with data of your own.</source>
      <translation>Abarca los 48 estados contiguos de los EE. UU. Compruebe dónde se dibujó la parcela; en otros lugares, añada la carpeta de una región con datos propios.</translation>
    </message>
    <message>
      <source>Let the name end with .geojson or .tif.</source>
      <translation>El nombre debe terminar en .geojson o .tif.</translation>
    </message>
    <message>
      <source>Let the name end with .json, .geojson or .tif.</source>
      <translation>El nombre debe terminar en .json, .geojson o .tif.</translation>
    </message>
    <message>
      <source>Lower clusters.minimum_extents, or take a region with more extents.</source>
      <translation>Reduzca clusters.minimum_extents, o tome una región con más extensiones.</translation>
    </message>
    <message>
      <source>Make it again with `deepsoil clusters`, or name another file.</source>
      <translation>Hágalo de nuevo con `deepsoil clusters`, o nombre otro archivo.</translation>
    </message>
    <message>
      <source>Make the parts of tiles of this region.</source>
      <translation>Haga las partes con teselas de esta región.</translation>
    </message>
    <message>
      <source>Make them with `deepsoil clusters REGION FILE.json`.</source>
      <translation>Hágalos con `deepsoil clusters REGION FILE.json`.</translation>
    </message>
    <message>
      <source>Name the model of a cluster, or a file of clusters.</source>
      <translation>Nombre el modelo de un grupo, o un archivo de grupos.</translation>
    </message>
    <message>
      <source>No feature tells the {count} training extents apart.</source>
      <translation>Ninguna característica distingue las {count} extensiones de entrenamiento.</translation>
    </message>
    <message>
      <source>No tile of the part {part} lies in the region '{title}'.</source>
      <translation>Ninguna tesela de la parte {part} está en la región '{title}'.</translation>
    </message>
    <message>
      <source>Of {clusters} clusters the smallest has {extents} training extents; at least {least} are wanted.</source>
      <translation>De {clusters} grupos, el menor tiene {extents} extensiones de entrenamiento; se piden al menos {least}.</translation>
    </message>
    <message>
      <source>Outlines of fields are given for areas of up to {largest:g} km.</source>
      <translation>Los contornos de parcelas se dan para áreas de hasta {largest:g} km.</translation>
    </message>
    <message>
      <source>SMAP soil moisture at 1 km (for comparison)</source>
      <translation>Humedad del suelo de SMAP a 1 km (para comparar)</translation>
    </message>
    <message>
      <source>Switch this archive off; maps until today do not need it.</source>
      <translation>Desactive este archivo; los mapas hasta hoy no lo necesitan.</translation>
    </message>
    <message>
      <source>Take a region with more stations, make the extents on a grid, or lower clusters.minimum_extents.</source>
      <translation>Tome una región con más estaciones, forme las extensiones en una rejilla, o reduzca clusters.minimum_extents.</translation>
    </message>
    <message>
      <source>Take another region, or make the extents on a grid (clusters.extents: grid).</source>
      <translation>Tome otra región, o forme las extensiones en una rejilla (clusters.extents: grid).</translation>
    </message>
    <message>
      <source>The area has {count} different soils, which are too many to be asked about at once.</source>
      <translation>El área tiene {count} suelos distintos, demasiados para consultarlos de una vez.</translation>
    </message>
    <message>
      <source>The area is {width} × {height} pixels of {archive}, which gives at most {largest} a side.</source>
      <translation>El área mide {width} × {height} píxeles de {archive}, que da como máximo {largest} por lado.</translation>
    </message>
    <message>
      <source>The irrigation of {date} is not on one of the days ahead.</source>
      <translation>El riego del {date} no cae en uno de los días siguientes.</translation>
    </message>
    <message>
      <source>The map {name} of the job “{job}” rests on values that were revised; make it again.</source>
      <translation>El mapa {name} del trabajo «{job}» se basa en valores que se revisaron; hágalo de nuevo.</translation>
    </message>
    <message>
      <source>The model {path} was trained for no cluster.</source>
      <translation>El modelo {path} no se entrenó para ningún grupo.</translation>
    </message>
    <message>
      <source>The region '{title}' has no soil in this area.</source>
      <translation>La región '{title}' no tiene suelo en esta área.</translation>
    </message>
    <message>
      <source>The region '{title}' has no {absent}, by which the clusters were made; so its tiles are in no cluster.</source>
      <translation>La región '{title}' no tiene {absent}, con los que se formaron los grupos; por eso sus teselas no están en ningún grupo.</translation>
    </message>
    <message>
      <source>The region '{title}' has no {what}, so there is no extent to cluster.</source>
      <translation>La región '{title}' no tiene {what}, así que no hay ninguna extensión que agrupar.</translation>
    </message>
    <message>
      <source>The soil survey has no soil at this place, only: {units}.</source>
      <translation>La cartografía de suelos no tiene suelo en este lugar, solo: {units}.</translation>
    </message>
    <message>
      <source>The weather from {first} on is a forecast; {count} of {total} days rest on it.</source>
      <translation>El tiempo desde el {first} es una previsión; {count} de {total} días se basan en ella.</translation>
    </message>
    <message>
      <source>The weather of the recipe has not every month of the year, so the climate cannot be told.</source>
      <translation>El tiempo de la receta no tiene todos los meses del año, así que no se puede determinar el clima.</translation>
    </message>
    <message>
      <source>There are more than {most} fields in the area.</source>
      <translation>Hay más de {most} parcelas en el área.</translation>
    </message>
    <message>
      <source>There are no clusters in {path}.</source>
      <translation>No hay grupos en {path}.</translation>
    </message>
    <message>
      <source>They are {first} to {last}; earlier irrigation belongs into the log of the field.</source>
      <translation>Son del {first} al {last}; los riegos anteriores corresponden al registro de la parcela.</translation>
    </message>
    <message>
      <source>Towns, water and rock were not surveyed. Draw the field on farm land, or let another archive give its soil.</source>
      <translation>Las ciudades, el agua y la roca no se cartografiaron. Dibuje la parcela en tierra de cultivo, o deje que otro archivo dé su suelo.</translation>
    </message>
    <message>
      <source>Train one network for all of them: leave `clusters` out.</source>
      <translation>Entrene una sola red para todos: omita `clusters`.</translation>
    </message>
    <message>
      <source>Try again in an hour. Without it there are no maps of the next days; those until today are not affected.</source>
      <translation>Vuelva a intentarlo dentro de una hora. Sin ello no hay mapas de los próximos días; los de hasta hoy no se ven afectados.</translation>
    </message>
    <message>
      <source>Try again in an hour; what has come already is kept.</source>
      <translation>Vuelva a intentarlo dentro de una hora; lo que ya ha llegado se conserva.</translation>
    </message>
    <message>
      <source>Use the part that has the tile, or the whole store; `deepsoil store split` makes parts.</source>
      <translation>Use la parte que tiene la tesela, o el almacén entero; `deepsoil store split` forma las partes.</translation>
    </message>
    <message>
      <source>Whatever the number of clusters, from 2 to {most}, one has fewer than {least} training extents.</source>
      <translation>Sea cual sea el número de grupos, de 2 a {most}, alguno tiene menos de {least} extensiones de entrenamiento.</translation>
    </message>
    <message>
      <source>Zoom in.</source>
      <translation>Acerque la vista.</translation>
    </message>
    <message>
      <source>{archive} gave a map that is not the one asked for: {problem}.</source>
      <translation>{archive} dio un mapa que no es el pedido: {problem}.</translation>
    </message>
    <message>
      <source>{archive} gave an answer that is not understood: {problem}.</source>
      <translation>{archive} dio una respuesta que no se entiende: {problem}.</translation>
    </message>
    <message>
      <source>{archive} gave two different answers for the same place; one of them has holes.</source>
      <translation>{archive} dio dos respuestas distintas para el mismo lugar; una de ellas tiene huecos.</translation>
    </message>
    <message>
      <source>{archive} has no map of {year} or before.</source>
      <translation>{archive} no tiene ningún mapa de {year} o anterior.</translation>
    </message>
    <message>
      <source>{archive} has nothing at this place.</source>
      <translation>{archive} no tiene nada en este lugar.</translation>
    </message>
    <message>
      <source>{archive} has nothing at this place: it covers the lower 48 states.</source>
      <translation>{archive} no tiene nada en este lugar: abarca los 48 estados contiguos.</translation>
    </message>
    <message>
      <source>{archive} has nothing for some of these days; it covers {first} to {last}.</source>
      <translation>{archive} no tiene nada de algunos de estos días; abarca del {first} al {last}.</translation>
    </message>
    <message>
      <source>{archive} has nothing here: it covers the United States.</source>
      <translation>{archive} no tiene nada aquí: abarca los Estados Unidos.</translation>
    </message>
    <message>
      <source>{archive} has nothing of these days; it begins on {first} and is {late} days late.</source>
      <translation>{archive} no tiene nada de estos días; comienza el {first} y lleva {late} días de retraso.</translation>
    </message>
    <message>
      <source>{archive} is closed for its daily maintenance.</source>
      <translation>{archive} está cerrado por su mantenimiento diario.</translation>
    </message>
    <message>
      <source>{archive} offers no map of land cover any more, but: {names}.</source>
      <translation>{archive} ya no ofrece ningún mapa de cobertura del suelo, sino: {names}.</translation>
    </message>
    <message>
      <source>{archive} refused the request: {answer}.</source>
      <translation>{archive} rechazó la petición: {answer}.</translation>
    </message>
    <message>
      <source>{archive}: what {address} answers cannot be right: {reason}.</source>
      <translation>{archive}: lo que responde {address} no puede ser correcto: {reason}.</translation>
    </message>
    <message>
      <source>{archive}: {piece} has values for {least} cells, other years and variables for {most}.</source>
      <translation>{archive}: {piece} tiene valores de {least} celdas; otros años y variables, de {most}.</translation>
    </message>
    <message>
      <source>{archive}: {share:.1%} of the pixels hold classes that its legend does not have, {code} for example.</source>
      <translation>{archive}: el {share:.1%} de los píxeles contiene clases que su leyenda no tiene, por ejemplo {code}.</translation>
    </message>
    <message>
      <source>{count} map units on {share:.1%} of the area, {key} for example, are not in the tables of {archive}.</source>
      <translation>{count} unidades cartográficas en el {share:.1%} del área, por ejemplo {key}, no están en las tablas de {archive}.</translation>
    </message>
    <message>
      <source>{days} days cannot be looked ahead.</source>
      <translation>No se pueden prever {days} días.</translation>
    </message>
    <message>
      <source>{file} cannot be read as an outlook: {error}.</source>
      <translation>{file} no se puede leer como previsión: {error}.</translation>
    </message>
    <message>
      <source>{groups} quadkeys of {level} characters cannot make {parts} parts.</source>
      <translation>{groups} quadkeys de {level} caracteres no pueden formar {parts} partes.</translation>
    </message>
    <message>
      <source>{path} is a part of a store, and a tile that is wanted of {channel} is not in it.</source>
      <translation>{path} es una parte de un almacén, y no contiene una tesela pedida de {channel}.</translation>
    </message>
    <message>
      <source>{source} holds no valid clusters: {where}: {detail}.</source>
      <translation>{source} no contiene grupos válidos: {where}: {detail}.</translation>
    </message>
    <message>
      <source>{used} training extents have all features; {clusters} clusters of at least {least} need {needed}.</source>
      <translation>{used} extensiones de entrenamiento tienen todas las características; {clusters} grupos de al menos {least} necesitan {needed}.</translation>
    </message>
    <message>
      <source>A proxy that opens encrypted connections may stand between. Ask the administrator for its certificate and add it to those that this computer trusts.</source>
      <translation>Puede haber en medio un proxy que abre las conexiones cifradas. Pida al administrador su certificado y añádalo a los que este equipo acepta.</translation>
    </message>
    <message>
      <source>Archives are: {known}.</source>
      <translation>Los archivos son: {known}.</translation>
    </message>
    <message>
      <source>At the station {name} ({network}), {km:.0f} km away, the same method differs from the readings at {depth} cm by {bias:+.3f} m³/m³ on the mean and by {mae:.3f} on a day, over {days} days.</source>
      <translation>En la estación {name} ({network}), a {km:.0f} km, el mismo método difiere de las lecturas a {depth} cm en {bias:+.3f} m³/m³ de media y en {mae:.3f} en un día, en {days} días.</translation>
    </message>
    <message>
      <source>Get the data again, without this file.</source>
      <translation>Obtenga los datos de nuevo, sin este archivo.</translation>
    </message>
    <message>
      <source>Not verified here: no station within {km:g} km measured soil moisture in these weeks.</source>
      <translation>No verificado aquí: ninguna estación a menos de {km:g} km midió la humedad del suelo en estas semanas.</translation>
    </message>
    <message>
      <source>Open the address in a browser to see the page: a network in a hotel or office may want a login, or the archive is under maintenance. Then try again.</source>
      <translation>Abra la dirección en un navegador para ver la página: puede que la red de un hotel u oficina pida iniciar sesión, o que el archivo esté en mantenimiento. Después vuelva a intentarlo.</translation>
    </message>
    <message>
      <source>Readings of your own would say how good the maps are.</source>
      <translation>Lecturas propias dirían cuán buenos son los mapas.</translation>
    </message>
    <message>
      <source>Soil and weather are others there than in the field.</source>
      <translation>El suelo y el tiempo de allí son distintos de los de la parcela.</translation>
    </message>
    <message>
      <source>The map is of another release than the tables. Try again in some weeks; until then another archive stands in where one is on.</source>
      <translation>El mapa es de otra edición que las tablas. Vuelva a intentarlo en unas semanas; hasta entonces lo sustituye otro archivo, si hay uno activado.</translation>
    </message>
    <message>
      <source>The surroundings of the station {name} could not be gathered, so that results are not compared with it: {problem}</source>
      <translation>El entorno de la estación {name} no se pudo obtener, así que los resultados no se comparan con ella: {problem}</translation>
    </message>
    <message>
      <source>There is no archive {name}.</source>
      <translation>No hay ningún archivo {name}.</translation>
    </message>
    <message>
      <source>a proxy is neither a text nor null</source>
      <translation>un proxy no es ni un texto ni nulo</translation>
    </message>
    <message>
      <source>a web page came instead of data, as from a login of a network or an account</source>
      <translation>llegó una página web en lugar de datos, como la del inicio de sesión de una red o de una cuenta</translation>
    </message>
    <message>
      <source>it cannot be read as a raster</source>
      <translation>no se puede leer como ráster</translation>
    </message>
    <message>
      <source>it is not JSON</source>
      <translation>no es JSON</translation>
    </message>
    <message>
      <source>it is not a {wanted} file</source>
      <translation>no es un archivo {wanted}</translation>
    </message>
    <message>
      <source>it is not a {wanted} file; the server says: {said}</source>
      <translation>no es un archivo {wanted}; el servidor dice: {said}</translation>
    </message>
    <message>
      <source>it is not an object of hosts</source>
      <translation>no es un objeto de servidores</translation>
    </message>
    <message>
      <source>nothing came for {seconds:g} s</source>
      <translation>no llegó nada durante {seconds:g} s</translation>
    </message>
    <message>
      <source>only {count} bytes came in {seconds} s</source>
      <translation>solo llegaron {count} bytes en {seconds} s</translation>
    </message>
    <message>
      <source>the answer is larger than expected</source>
      <translation>la respuesta es mayor de lo esperado</translation>
    </message>
    <message>
      <source>the answer was cut off</source>
      <translation>la respuesta se cortó</translation>
    </message>
    <message>
      <source>the answer was cut off after {count} of {total} bytes</source>
      <translation>la respuesta se cortó tras {count} de {total} bytes</translation>
    </message>
    <message>
      <source>the certificate of the server is not trusted by this computer</source>
      <translation>este equipo no confía en el certificado del servidor</translation>
    </message>
    <message>
      <source>the connection failed or was broken off</source>
      <translation>la conexión falló o se interrumpió</translation>
    </message>
    <message>
      <source>the encrypted connection was broken off</source>
      <translation>la conexión cifrada se interrumpió</translation>
    </message>
    <message>
      <source>the file is replaced again and again</source>
      <translation>el archivo se reemplaza una y otra vez</translation>
    </message>
    <message>
      <source>the name of the server is not known</source>
      <translation>no se conoce el nombre del servidor</translation>
    </message>
    <message>
      <source>the proxy does not answer</source>
      <translation>el proxy no responde</translation>
    </message>
    <message>
      <source>the proxy for {host} is not an address such as http://proxy:3128</source>
      <translation>el proxy de {host} no es una dirección como http://proxy:3128</translation>
    </message>
    <message>
      <source>the raster has no CRS, or is rotated</source>
      <translation>el ráster no tiene SRC, o está girado</translation>
    </message>
    <message>
      <source>the server answers {status}</source>
      <translation>el servidor responde {status}</translation>
    </message>
    <message>
      <source>the server answers {status}: {said}</source>
      <translation>el servidor responde {status}: {said}</translation>
    </message>
    <message>
      <source>the server does not send parts of files, and the whole is too large</source>
      <translation>el servidor no envía partes de archivos, y el todo es demasiado grande</translation>
    </message>
    <message>
      <source>the server has another file than before</source>
      <translation>el servidor tiene otro archivo que antes</translation>
    </message>
    <message>
      <source>the server sends from one address to another without end</source>
      <translation>el servidor envía sin fin de una dirección a otra</translation>
    </message>
    <message>
      <source>the server sent a part without saying which</source>
      <translation>el servidor envió una parte sin decir cuál</translation>
    </message>
    <message>
      <source>the server sent another part than was asked for</source>
      <translation>el servidor envió otra parte que la pedida</translation>
    </message>
    <message>
      <source>there was no connection within {seconds:g} s</source>
      <translation>no hubo conexión en {seconds:g} s</translation>
    </message>
    <message>
      <source>a day cannot be read as a raster</source>
      <translation>un día no se puede leer como ráster</translation>
    </message>
    <message>
      <source>a day does not cover the place</source>
      <translation>un día no cubre el lugar</translation>
    </message>
    <message>
      <source>a day is not in EPSG:5070, which was asked for</source>
      <translation>un día no está en EPSG:5070, que es lo que se pidió</translation>
    </message>
    <message>
      <source>a part of it is missing</source>
      <translation>falta una parte</translation>
    </message>
    <message>
      <source>a reading is not a number</source>
      <translation>una lectura no es un número</translation>
    </message>
    <message>
      <source>a scene in it has no time, footprint or files</source>
      <translation>una escena no tiene hora, contorno o archivos</translation>
    </message>
    <message>
      <source>it does not cover the place</source>
      <translation>no cubre el lugar</translation>
    </message>
    <message>
      <source>it does not cover the place that was asked for</source>
      <translation>no cubre el lugar pedido</translation>
    </message>
    <message>
      <source>it has no band of leaf area</source>
      <translation>no tiene ninguna banda de área foliar</translation>
    </message>
    <message>
      <source>it has no list of scenes</source>
      <translation>no tiene ninguna lista de escenas</translation>
    </message>
    <message>
      <source>it has no token</source>
      <translation>no tiene ningún token</translation>
    </message>
    <message>
      <source>it has no value</source>
      <translation>no tiene ningún valor</translation>
    </message>
    <message>
      <source>it has no {what}</source>
      <translation>no tiene ningún {what}</translation>
    </message>
    <message>
      <source>it is JSON of another form than documented</source>
      <translation>es JSON de otra forma que la documentada</translation>
    </message>
    <message>
      <source>it is empty</source>
      <translation>está vacío</translation>
    </message>
    <message>
      <source>it is not JSON; it says: {said}</source>
      <translation>no es JSON; dice: {said}</translation>
    </message>
    <message>
      <source>it is not a table</source>
      <translation>no es una tabla</translation>
    </message>
    <message>
      <source>it is not a whole GeoTIFF and begins with {start}</source>
      <translation>no es un GeoTIFF entero y empieza por {start}</translation>
    </message>
    <message>
      <source>it is not JSON ({error})</source>
      <translation>no es JSON ({error})</translation>
    </message>
    <message>
      <source>it is not XML ({error})</source>
      <translation>no es XML ({error})</translation>
    </message>
    <message>
      <source>it is not a whole ZIP file</source>
      <translation>no es un archivo ZIP entero</translation>
    </message>
    <message>
      <source>it lies in another coordinate system</source>
      <translation>está en otro sistema de coordenadas</translation>
    </message>
    <message>
      <source>it lists no station</source>
      <translation>no enumera ninguna estación</translation>
    </message>
    <message>
      <source>it lists no station of {network}</source>
      <translation>no enumera ninguna estación de {network}</translation>
    </message>
    <message>
      <source>its columns {columns} are missing</source>
      <translation>faltan sus columnas {columns}</translation>
    </message>
    <message>
      <source>its data type is {dtype}</source>
      <translation>su tipo de datos es {dtype}</translation>
    </message>
    <message>
      <source>its numbers do not fit its rows and columns</source>
      <translation>sus números no encajan en sus filas y columnas</translation>
    </message>
    <message>
      <source>its numbers have the scale {scale}, not {wanted}</source>
      <translation>sus números tienen la escala {scale}, no {wanted}</translation>
    </message>
    <message>
      <source>its pages never end</source>
      <translation>sus páginas no terminan nunca</translation>
    </message>
    <message>
      <source>its pixels are not those of the map's grid</source>
      <translation>sus píxeles no son los de la rejilla del mapa</translation>
    </message>
    <message>
      <source>its pixels are {wide:g} × {high:g}, not {step:g}</source>
      <translation>sus píxeles miden {wide:g} × {high:g}, no {step:g}</translation>
    </message>
    <message>
      <source>its pixels have {size:g} m</source>
      <translation>sus píxeles miden {size:g} m</translation>
    </message>
    <message>
      <source>its times are not as documented</source>
      <translation>sus horas no son como están documentadas</translation>
    </message>
    <message>
      <source>its values are {low:g} to {high:g}</source>
      <translation>sus valores van de {low:g} a {high:g}</translation>
    </message>
    <message>
      <source>leaf area and flags lie on different grids</source>
      <translation>el área foliar y sus marcas están en rejillas distintas</translation>
    </message>
    <message>
      <source>leaf area has the scale {scale:g}, not {wanted:g}</source>
      <translation>el área foliar tiene la escala {scale:g}, no {wanted:g}</translation>
    </message>
    <message>
      <source>line {number} has {count} columns instead of {wanted}</source>
      <translation>la línea {number} tiene {count} columnas en lugar de {wanted}</translation>
    </message>
    <message>
      <source>line {number} is of the station {station}</source>
      <translation>la línea {number} es de la estación {station}</translation>
    </message>
    <message>
      <source>no reason given</source>
      <translation>no se da ningún motivo</translation>
    </message>
    <message>
      <source>of its map, {error}</source>
      <translation>de su mapa, {error}</translation>
    </message>
    <message>
      <source>of the map {name}, {error}</source>
      <translation>del mapa {name}, {error}</translation>
    </message>
    <message>
      <source>one map unit has 100,000 rows</source>
      <translation>una unidad cartográfica tiene 100 000 filas</translation>
    </message>
    <message>
      <source>only {share:.0%} of the pixels that its mask calls clear are there</source>
      <translation>solo está el {share:.0%} de los píxeles que su máscara da por despejados</translation>
    </message>
    <message>
      <source>soil moisture is above 1 m³/m³</source>
      <translation>la humedad del suelo supera 1 m³/m³</translation>
    </message>
    <message>
      <source>soil moisture lies outside of 0 to 1 m³/m³</source>
      <translation>la humedad del suelo está fuera de 0 a 1 m³/m³</translation>
    </message>
    <message>
      <source>the column {column} is missing</source>
      <translation>falta la columna {column}</translation>
    </message>
    <message>
      <source>the grid is missing</source>
      <translation>falta la rejilla</translation>
    </message>
    <message>
      <source>the proxy for {host} is a SOCKS proxy, and DeepSoil can use only HTTP proxies</source>
      <translation>el proxy de {host} es un proxy SOCKS, y DeepSoil solo puede usar proxies HTTP</translation>
    </message>
    <message>
      <source>the times of {name} are not as documented</source>
      <translation>las horas de {name} no son como están documentadas</translation>
    </message>
    <message>
      <source>there are no features in it</source>
      <translation>no contiene ningún elemento</translation>
    </message>
    <message>
      <source>there is no {name} in it</source>
      <translation>no contiene ningún {name}</translation>
    </message>
    <message>
      <source>two answers have other columns</source>
      <translation>dos respuestas tienen columnas distintas</translation>
    </message>
    <message>
      <source>{asked} composites were asked for, {came} came</source>
      <translation>se pidieron {asked} compuestos y llegaron {came}</translation>
    </message>
    <message>
      <source>{band} has a value that it cannot have</source>
      <translation>{band} tiene un valor que no puede tener</translation>
    </message>
    <message>
      <source>{code} of {name} is in {unit!r}</source>
      <translation>{code} de {name} está en {unit!r}</translation>
    </message>
    <message>
      <source>{name} is {value:g} in it</source>
      <translation>{name} es {value:g} en él</translation>
    </message>
    <message>
      <source>{scene} has no file {asset}</source>
      <translation>{scene} no tiene ningún archivo {asset}</translation>
    </message>
    <message>
      <source>{text!r} is not a date</source>
      <translation>{text!r} no es una fecha</translation>
    </message>
    <message>
      <source>Build it again from its recipe, or get the data of the field again.</source>
      <translation>Créela de nuevo con su receta, u obtenga de nuevo los datos de la parcela.</translation>
    </message>
    <message>
      <source>Inputs lie outside of what the model learned from: {inputs}.</source>
      <translation>Hay entradas fuera de aquello de lo que el modelo aprendió: {inputs}.</translation>
    </message>
    <message>
      <source>It may have been published again a moment ago. Try again later, or switch this archive off so that another one stands in for it.</source>
      <translation>Puede que se haya publicado de nuevo hace un momento. Vuelva a intentarlo más tarde, o desactive este archivo para que otro lo sustituya.</translation>
    </message>
    <message>
      <source>The map may be wrong there. Compare it with soil columns or with readings.</source>
      <translation>Ahí el mapa puede estar equivocado. Compárelo con columnas de suelo o con lecturas.</translation>
    </message>
    <message>
      <source>The model has met no measured values of: {channels}. It uses the mean of its training data instead of the region's values.</source>
      <translation>El modelo no ha conocido valores medidos de: {channels}. Usa la media de sus datos de entrenamiento en lugar de los valores de la región.</translation>
    </message>
    <message>
      <source>The region's values are shown, and stay in it for models that have learned from such.</source>
      <translation>Los valores de la región se muestran, y quedan en ella para modelos que hayan aprendido de ellos.</translation>
    </message>
    <message>
      <source>{channel} ({share:.0%})</source>
      <translation>{channel} ({share:.0%})</translation>
    </message>
    <message>
      <source>Give the configuration of its depth.</source>
      <translation>Indique la configuración de su profundidad.</translation>
    </message>
    <message>
      <source>The model '{model}' has not the depth and the input of {name}.</source>
      <translation>El modelo '{model}' no tiene la profundidad ni las entradas de {name}.</translation>
    </message>
    <message>
      <source>Save its layer as GeoJSON in EPSG:4326: in QGIS, Export &gt; Save Features As.</source>
      <translation>Guarde su capa como GeoJSON en EPSG:4326: en QGIS, Exportar &gt; Guardar objetos como.</translation>
    </message>
    <message>
      <source>The file {area} is not GeoJSON.</source>
      <translation>El archivo {area} no es GeoJSON.</translation>
    </message>
    <message>
      <source>Choose days from then on.</source>
      <translation>Elija días a partir de esa fecha.</translation>
    </message>
    <message>
      <source>{day} is before {first}, the first day of weather in any archive here.</source>
      <translation>{day} es anterior a {first}, el primer día con datos meteorológicos en los archivos públicos que se usan aquí.</translation>
    </message>
    <message>
      <source>Choose another output folder, or delete it to start again.</source>
      <translation>Elija otra carpeta de salida, o bórrela para empezar de nuevo.</translation>
    </message>
    <message>
      <source>Choose another output folder, or delete the file to start again.</source>
      <translation>Elija otra carpeta de salida, o borre el archivo para empezar de nuevo.</translation>
    </message>
    <message>
      <source>Compare with readings there, or use a model without clusters.</source>
      <translation>Compare allí con lecturas, o use un modelo sin grupos.</translation>
    </message>
    <message>
      <source>Copy the models of all clusters into one folder, or train the missing one.</source>
      <translation>Copie los modelos de todos los grupos en una carpeta, o entrene el que falta.</translation>
    </message>
    <message>
      <source>Correct the name of the setting.</source>
      <translation>Corrija el nombre del ajuste.</translation>
    </message>
    <message>
      <source>Give the path of a YAML file, e.g. resources/training/tune-20cm.yaml.</source>
      <translation>Indique la ruta de un archivo YAML, p. ej. resources/training/tune-20cm.yaml.</translation>
    </message>
    <message>
      <source>Lower schedule.monthly.least_days, or leave the monthly phase out.</source>
      <translation>Reduzca schedule.monthly.least_days, u omita la fase mensual.</translation>
    </message>
    <message>
      <source>Make clusters round the stations of this region (clusters.extents: stations), or train without the cluster.</source>
      <translation>Forme grupos alrededor de las estaciones de esta región (clusters.extents: stations), o entrene sin el grupo.</translation>
    </message>
    <message>
      <source>Make the clusters of this region.</source>
      <translation>Forme los grupos de esta región.</translation>
    </message>
    <message>
      <source>No month of the {what} has {least_days} days to average.</source>
      <translation>Ningún mes de {what} tiene {least_days} días para promediar.</translation>
    </message>
    <message>
      <source>No station of the region is in cluster {number} of {count}.</source>
      <translation>Ninguna estación de la región está en el grupo {number} de {count}.</translation>
    </message>
    <message>
      <source>No training extent of cluster {number} lies in the region.</source>
      <translation>Ninguna extensión de entrenamiento del grupo {number} está en la región.</translation>
    </message>
    <message>
      <source>The models {model} and {name} do not belong together: their clusters, channels or networks differ.</source>
      <translation>Los modelos {model} y {name} no van juntos: sus grupos, canales o redes son distintos.</translation>
    </message>
    <message>
      <source>The storage {path} of a study cannot be read: {error}.</source>
      <translation>No se puede leer el almacenamiento {path} de un estudio: {error}.</translation>
    </message>
    <message>
      <source>There is no tuning {path}.</source>
      <translation>No existe el ajuste {path}.</translation>
    </message>
    <message>
      <source>Use a model without clusters there.</source>
      <translation>Use allí un modelo sin grupos.</translation>
    </message>
    <message>
      <source>Use models of one training.</source>
      <translation>Use modelos de un mismo entrenamiento.</translation>
    </message>
    <message>
      <source>{far} of {count} tiles looked at are unlike all that the model '{model}' was trained on: up to {times} times as far from their cluster's centre.</source>
      <translation>{far} de {count} teselas examinadas no se parecen a nada de aquello con lo que se entrenó el modelo '{model}': están hasta {times} veces más lejos del centro de su grupo.</translation>
    </message>
    <message>
      <source>{model} was trained for one of {count} clusters, and the model {name} of another is not beside it.</source>
      <translation>{model} se entrenó para uno de {count} grupos, y el modelo {name} de otro no está a su lado.</translation>
    </message>
    <message>
      <source>{path} holds the trials {what}.</source>
      <translation>{path} contiene los ensayos {what}.</translation>
    </message>
    <message>
      <source>{unknown} of {count} tiles looked at are in no cluster of the model '{model}', because a feature is missing there. Their maps are those of the clusters near by, and empty where there is none.</source>
      <translation>{unknown} de {count} teselas examinadas no están en ningún grupo del modelo '{model}', porque allí falta una característica. Sus mapas son los de los grupos cercanos, y quedan vacíos donde no hay ninguno.</translation>
    </message>
    <message>
      <source>Make a new token at {login}, enter it in DeepSoil's options, then try again. If it stays so, open the address once in a browser: the account may have to allow the archive first.</source>
      <translation>Cree una clave (token) nueva en {login}, escríbala en las opciones de DeepSoil y vuelva a intentarlo. Si sigue así, abra la dirección una vez en un navegador: puede que la cuenta tenga que autorizar antes el archivo.</translation>
    </message>
    <message>
      <source>its list of files has another form</source>
      <translation>su lista de ficheros tiene otra forma</translation>
    </message>
    <message>
      <source>{archive} has nothing at this place: it ends at 85° of latitude.</source>
      <translation>{archive} no tiene nada en este lugar: termina a 85° de latitud.</translation>
    </message>
    <message>
      <source>{archive} sent its login page instead of {address}: the token of the account is not valid, or no longer.</source>
      <translation>{archive} envió su página de acceso en lugar de {address}: la clave (token) de la cuenta no es válida, o ya no lo es.</translation>
    </message>
    <message>
      <source>Ask for 0 to {most} days.</source>
      <translation>Pida de 0 a {most} días.</translation>
    </message>
    <message>
      <source>{days} days cannot be looked back.</source>
      <translation>No se puede mirar {days} días atrás.</translation>
    </message>
    <message>
      <source>Another region, {other}, lies in the same folder.</source>
      <translation>Otra región, {other}, está en la misma carpeta.</translation>
    </message>
    <message>
      <source>Cancel the job, or wait for its end.</source>
      <translation>Cancele el trabajo o espere a que termine.</translation>
    </message>
    <message>
      <source>Remove that one first, or keep the files.</source>
      <translation>Quite esa primero o conserve los archivos.</translation>
    </message>
    <message>
      <source>Take the region out of the list, and delete the folder yourself.</source>
      <translation>Quite la región de la lista y borre usted la carpeta.</translation>
    </message>
    <message>
      <source>The files of this region lie in {path}, where DeepSoil did not put them.</source>
      <translation>Los archivos de esta región están en {path}, donde DeepSoil no los puso.</translation>
    </message>
    <message>
      <source>The folder {folder} cannot be removed: {strerror}.</source>
      <translation>No se puede quitar la carpeta {folder}: {strerror}.</translation>
    </message>
    <message>
      <source>The job '{name}' needs this region and has not ended.</source>
      <translation>El trabajo «{name}» necesita esta región y no ha terminado.</translation>
    </message>
    <message>
      <source>Choose a folder that you may write to.</source>
      <translation>Elija una carpeta en la que pueda escribir.</translation>
    </message>
    <message>
      <source>Choose the folder of one region, with at most {most:,} files.</source>
      <translation>Elija la carpeta de una sola región, con {most:,} archivos como máximo.</translation>
    </message>
    <message>
      <source>Choose the folder with your files.</source>
      <translation>Elija la carpeta con sus archivos.</translation>
    </message>
    <message>
      <source>Copy or download the file again, or take it out of the folder.</source>
      <translation>Copie o descargue el archivo de nuevo, o quítelo de la carpeta.</translation>
    </message>
    <message>
      <source>Keep it under another name, or let it be replaced.</source>
      <translation>Consérvela con otro nombre o permita que se sustituya.</translation>
    </message>
    <message>
      <source>Say what is still asked for.</source>
      <translation>Indique lo que aún se pregunta.</translation>
    </message>
    <message>
      <source>The file {path} cannot be written: {strerror}.</source>
      <translation>No se puede escribir el archivo {path}: {strerror}.</translation>
    </message>
    <message>
      <source>The folder {folder} has {count:,} files.</source>
      <translation>La carpeta {folder} tiene {count:,} archivos.</translation>
    </message>
    <message>
      <source>The recipe of {folder} is not finished.</source>
      <translation>La receta de {folder} no está completa.</translation>
    </message>
    <message>
      <source>There is a recipe already: {file}.</source>
      <translation>Ya existe una receta: {file}.</translation>
    </message>
    <message>
      <source>There is no folder {folder}.</source>
      <translation>No existe la carpeta {folder}.</translation>
    </message>
    <message>
      <source>Ask for days until today to get a forecast too.</source>
      <translation>Solicite días hasta hoy para obtener también un pronóstico.</translation>
    </message>
    <message>
      <source>Choose a shorter name, or a folder that lies in fewer others.</source>
      <translation>Elija un nombre más corto, o una carpeta que esté dentro de menos carpetas.</translation>
    </message>
    <message>
      <source>The disk takes no name as long as {path}.</source>
      <translation>El disco no admite un nombre tan largo como {path}.</translation>
    </message>
    <message>
      <source>{archive} has forecasts of the coming days only, and the last day asked for, {end}, is past.</source>
      <translation>{archive} solo tiene pronósticos de los próximos días, y el último día solicitado, {end}, ya pasó.</translation>
    </message>
    <message>
      <source>The field {name} gets no map: {problem}</source>
      <translation>La parcela {name} no recibe ningún mapa: {problem}</translation>
    </message>
    <message>
      <source>Choose a place inside the region's outline.</source>
      <translation>Elija un lugar dentro del contorno de la región.</translation>
    </message>
    <message>
      <source>Choose networks, or make the map.</source>
      <translation>Elija redes o haga el mapa.</translation>
    </message>
    <message>
      <source>Make its map, or choose a smaller area.</source>
      <translation>Haga su mapa o elija un área más pequeña.</translation>
    </message>
    <message>
      <source>Only maps of the networks have a preview.</source>
      <translation>Solo los mapas de las redes tienen vista previa.</translation>
    </message>
    <message>
      <source>The area is too large for a preview ({pixels:,} pixels with their surroundings; at most {most:,}).</source>
      <translation>El área es demasiado grande para una vista previa ({pixels:,} píxeles con su entorno; como máximo {most:,}).</translation>
    </message>
    <message>
      <source>The place {latitude:.5f}, {longitude:.5f} lies outside the region '{region}'.</source>
      <translation>El lugar {latitude:.5f}, {longitude:.5f} está fuera de la región «{region}».</translation>
    </message>
    <message>
      <source>Build the regions with `deepsoil sample {folder} --regions`.</source>
      <translation>Genere las regiones con `deepsoil sample {folder} --regions`.</translation>
    </message>
    <message>
      <source>Hold out fewer regions.</source>
      <translation>Reserve menos regiones.</translation>
    </message>
    <message>
      <source>Name one of its variants.</source>
      <translation>Indique una de sus variantes.</translation>
    </message>
    <message>
      <source>{plan} holds out every region of {folder}: there is nothing to learn from.</source>
      <translation>{plan} reserva todas las regiones de {folder}: no queda nada de lo que aprender.</translation>
    </message>
    <message>
      <source>{plan} holds out the region {name}, which is not in {folder}.</source>
      <translation>{plan} reserva la región {name}, que no está en {folder}.</translation>
    </message>
    <message>
      <source>Choose a finished map.</source>
      <translation>Elija un mapa terminado.</translation>
    </message>
    <message>
      <source>The job has no map of soil moisture.</source>
      <translation>El trabajo no tiene ningún mapa de humedad del suelo.</translation>
    </message>
    <message>
      <source>The area is not a GeoJSON geometry.</source>
      <translation>El área no es una geometría GeoJSON.</translation>
    </message>
    <message>
      <source>The corners of the area are not longitudes and latitudes in degrees.</source>
      <translation>Las esquinas del área no son longitudes y latitudes en grados.</translation>
    </message>
    <message>
      <source>Add the files of soil moisture.</source>
      <translation>Añada los archivos de humedad del suelo.</translation>
    </message>
    <message>
      <source>Bring it from its host again, or make it again.</source>
      <translation>Tráigalo de nuevo de su equipo, o hágalo otra vez.</translation>
    </message>
    <message>
      <source>Choose HDF5 files of SPL3SMP or SPL3SMP_E as published, or GeoTIFFs with the day in their names.</source>
      <translation>Elija archivos HDF5 de SPL3SMP o SPL3SMP_E tal como se publican, o GeoTIFF con el día en el nombre.</translation>
    </message>
    <message>
      <source>Choose SMAP's files around the map.</source>
      <translation>Elija archivos de SMAP alrededor del mapa.</translation>
    </message>
    <message>
      <source>Choose SMAP's own grid (EPSG:6933) or degrees (EPSG:4326), with north up.</source>
      <translation>Elija la cuadrícula propia de SMAP (EPSG:6933) o grados (EPSG:4326), con el norte arriba.</translation>
    </message>
    <message>
      <source>Choose a GeoTIFF with a CRS.</source>
      <translation>Elija un GeoTIFF con SRC.</translation>
    </message>
    <message>
      <source>Choose a finished map of this depth.</source>
      <translation>Elija un mapa terminado de esta profundidad.</translation>
    </message>
    <message>
      <source>Choose a folder with SMAP's files on the computer that has the map.</source>
      <translation>Elija una carpeta con archivos de SMAP en el equipo que tiene el mapa.</translation>
    </message>
    <message>
      <source>Choose a folder with at most {most:,}.</source>
      <translation>Elija una carpeta con {most:,} como máximo.</translation>
    </message>
    <message>
      <source>Choose a folder with files of one product and one area.</source>
      <translation>Elija una carpeta con archivos de un solo producto y de una sola zona.</translation>
    </message>
    <message>
      <source>Choose a folder with files of the map's days.</source>
      <translation>Elija una carpeta con archivos de los días del mapa.</translation>
    </message>
    <message>
      <source>Choose a map of fewer days or a smaller area.</source>
      <translation>Elija un mapa de menos días o de una zona menor.</translation>
    </message>
    <message>
      <source>Choose files of SMAP that cover it.</source>
      <translation>Elija archivos de SMAP que lo cubran.</translation>
    </message>
    <message>
      <source>Choose files of soil moisture (0 to 1 m³/m³), and leave other layers out of the folder.</source>
      <translation>Elija archivos de humedad del suelo (de 0 a 1 m³/m³) y deje otras capas fuera de la carpeta.</translation>
    </message>
    <message>
      <source>Compare it with SMAP files of your own.</source>
      <translation>Compárelo con archivos de SMAP propios.</translation>
    </message>
    <message>
      <source>Gather the region's data again with an Earthdata account, add the channel smap to its recipe and ingest again, or compare with SMAP files of your own.</source>
      <translation>Reúna de nuevo los datos de la región con una cuenta de Earthdata, o añada el canal smap a su receta e ingiérala de nuevo, o compare con archivos de SMAP propios.</translation>
    </message>
    <message>
      <source>Look whether it is still there, then compare again.</source>
      <translation>Compruebe si sigue ahí y compare de nuevo.</translation>
    </message>
    <message>
      <source>Make the map again.</source>
      <translation>Haga el mapa de nuevo.</translation>
    </message>
    <message>
      <source>Name it with the day as 20230701, 2023-07-01 or doy2023182.</source>
      <translation>Ponga el día en el nombre: 20230701, 2023-07-01 o doy2023182.</translation>
    </message>
    <message>
      <source>The comparison has {cells:,} cells on {days:,} days, which is too much.</source>
      <translation>La comparación tiene {cells:,} celdas en {days:,} días, y es demasiado.</translation>
    </message>
    <message>
      <source>The file {path} cannot be read: {error}.</source>
      <translation>No se puede leer el archivo {path}: {error}.</translation>
    </message>
    <message>
      <source>The job has no map of soil moisture at {depth} cm, which SMAP sees.</source>
      <translation>El trabajo no tiene ningún mapa de humedad del suelo a {depth} cm, que es lo que ve SMAP.</translation>
    </message>
    <message>
      <source>The map does not say which region it was made from.</source>
      <translation>El mapa no dice con qué región se hizo.</translation>
    </message>
    <message>
      <source>The map {file} cannot be read: {error}.</source>
      <translation>No se puede leer el mapa {file}: {error}.</translation>
    </message>
    <message>
      <source>The maps lie outside of SMAP's cells of '{title}'.</source>
      <translation>Los mapas están fuera de las celdas de SMAP de '{title}'.</translation>
    </message>
    <message>
      <source>The name of {file} does not say its day.</source>
      <translation>El nombre de {file} no dice de qué día es.</translation>
    </message>
    <message>
      <source>The rows and columns of {file} do not follow longitude and latitude.</source>
      <translation>Las filas y columnas de {file} no siguen la longitud y la latitud.</translation>
    </message>
    <message>
      <source>There is no file or folder {path}.</source>
      <translation>No hay ningún archivo ni carpeta {path}.</translation>
    </message>
    <message>
      <source>{file} does not touch the map.</source>
      <translation>{file} no toca el mapa.</translation>
    </message>
    <message>
      <source>{file} has other cells than {first}.</source>
      <translation>{file} tiene otras celdas que {first}.</translation>
    </message>
    <message>
      <source>{path} has flags of SMAP, but no soil moisture.</source>
      <translation>{path} tiene indicadores de calidad de SMAP, pero ninguna humedad del suelo.</translation>
    </message>
    <message>
      <source>{path} has no file of SMAP from {start} to {end}.</source>
      <translation>{path} no tiene ningún archivo de SMAP del {start} al {end}.</translation>
    </message>
    <message>
      <source>{path} has no file of SMAP's soil moisture.</source>
      <translation>{path} no tiene ningún archivo de humedad del suelo de SMAP.</translation>
    </message>
    <message>
      <source>{path} has {count:,} files of SMAP for the days of the map.</source>
      <translation>{path} tiene {count:,} archivos de SMAP para los días del mapa.</translation>
    </message>
    <message>
      <source>Ask again to start it again.</source>
      <translation>Pregunte de nuevo para volver a iniciarla.</translation>
    </message>
    <message>
      <source>See the readings of a prediction.</source>
      <translation>Consulte las lecturas de una predicción.</translation>
    </message>
    <message>
      <source>The readings cannot be used: {what}.</source>
      <translation>Las lecturas no se pueden usar: {what}.</translation>
    </message>
    <message>
      <source>The simulation was cancelled.</source>
      <translation>La simulación se canceló.</translation>
    </message>
    <message>
      <source>Give the target, from 0.1 to 1.</source>
      <translation>Indique el objetivo, de 0.1 a 1.</translation>
    </message>
    <message>
      <source>What is said of the refill cannot be used.</source>
      <translation>Lo que se dice de la reposición no se puede usar.</translation>
    </message>
    <message>
      <source>Compiling the simulation of soil columns</source>
      <translation>Compilando la simulación de columnas de suelo</translation>
    </message>
    <message>
      <source>{file} has the value {value:g}, which cannot be soil moisture in m³/m³.</source>
      <translation>{file} tiene el valor {value:g}, que no puede ser una humedad del suelo en m³/m³.</translation>
    </message>
    <message>
      <source>Add it, see resources/training/tables-regions.yaml, or leave out --parts.</source>
      <translation>Añádala, véase resources/training/tables-regions.yaml, o quite --parts.</translation>
    </message>
    <message>
      <source>Name a training of simulated columns of the same depth and inputs.</source>
      <translation>Indique un entrenamiento con columnas simuladas de la misma profundidad y las mismas entradas.</translation>
    </message>
    <message>
      <source>The plan {name} has no section {part}.</source>
      <translation>El plan {name} no tiene la sección {part}.</translation>
    </message>
    <message>
      <source>{plan}: {columns} has other channels than {base}.</source>
      <translation>{plan}: {columns} tiene otros canales que {base}.</translation>
    </message>
    <message>
      <source>{plan}: {setting} names the variant {variant}, which the plan does not have.</source>
      <translation>{plan}: {setting} nombra la variante {variant}, que el plan no tiene.</translation>
    </message>
    <message>
      <source>Name them all in the first recipe.</source>
      <translation>Nómbrelas todas en la primera receta.</translation>
    </message>
    <message>
      <source>The recipes of the region have daily fields of {channel} on grids that do not fit together.</source>
      <translation>Las recetas de la región tienen campos diarios de {channel} en mallas que no encajan.</translation>
    </message>
    <message>
      <source>The recipes of the region have days of {channel} that end at different hours.</source>
      <translation>Las recetas de la región tienen días de {channel} que terminan a horas distintas.</translation>
    </message>
    <message>
      <source>no region was made of it yet</source>
      <translation>todavía no se ha creado ninguna región con ellos</translation>
    </message>
    <message>
      <source>they do not touch</source>
      <translation>no se tocan</translation>
    </message>
    <message>
      <source>they lie in different UTM zones</source>
      <translation>están en husos UTM distintos</translation>
    </message>
    <message>
      <source>together they would be {wide:,.0f} km by {high:,.0f} km, and a region has at most {most:,.0f} km</source>
      <translation>juntas medirían {wide:,.0f} km por {high:,.0f} km, y una región tiene como máximo {most:,.0f} km</translation>
    </message>
    <message>
      <source>{file}, a part of {path}, has parts of its own.</source>
      <translation>{file}, una parte de {path}, tiene partes propias.</translation>
    </message>
    <message>
      <source>{folder} has the data of another field, and this one cannot be added to it: {reason}.</source>
      <translation>{folder} tiene los datos de otra parcela, y esta no se puede añadir: {reason}.</translation>
    </message>
    <message>
      <source>Cancel the job that does it, or wait for its end.</source>
      <translation>Cancele el trabajo que lo hace, o espere a que termine.</translation>
    </message>
    <message>
      <source>Data are just being fetched into the folder {folder} of this region.</source>
      <translation>En este momento se descargan datos en la carpeta {folder} de esta región.</translation>
    </message>
    <message>
      <source>Start it again: it then uses the new data.</source>
      <translation>Inícielo de nuevo: entonces usa los datos nuevos.</translation>
    </message>
    <message>
      <source>The region in {path} was renewed or removed while it was read.</source>
      <translation>La región de {path} se renovó o se eliminó mientras se leía.</translation>
    </message>
    <message>
      <source>Exchange the two days.</source>
      <translation>Intercambie los dos días.</translation>
    </message>
    <message>
      <source>The series ends on {end}, before it begins on {start}.</source>
      <translation>La serie termina el {end}, antes de empezar el {start}.</translation>
    </message>
    <message>
      <source>the address, or one that the server sends on to, is not valid</source>
      <translation>la dirección, o una a la que remite el servidor, no es válida</translation>
    </message>
    <message>
      <source>the answer is not packed as it says, or damaged</source>
      <translation>la respuesta no está comprimida como indica, o está dañada</translation>
    </message>
    <message>
      <source>the head of the answer did not come to its end</source>
      <translation>la cabecera de la respuesta no llegó hasta el final</translation>
    </message>
    <message>
      <source>Check date and time of this computer, then try again. If they are right, the certificate of the archive has expired: try again later, or switch this archive off.</source>
      <translation>Compruebe la fecha y la hora de este equipo e inténtelo de nuevo. Si son correctas, el certificado del archivo ha caducado: inténtelo más tarde o desactive este archivo.</translation>
    </message>
    <message>
      <source>the certificate of the server is not valid at the time of this computer</source>
      <translation>el certificado del servidor no es válido a la hora de este equipo</translation>
    </message>
    <message>
      <source>Give readings of the field, or the water content of its soil at saturation.</source>
      <translation>Indique lecturas de la parcela o el contenido de agua de su suelo en saturación.</translation>
    </message>
    <message>
      <source>The 90 % intervals of soil columns do not hold near the surface of irrigated fields: with synthetic data {low:.0%} to {high:.0%} of the days lay inside there, and the map was too wet.</source>
      <translation>Los intervalos del 90 % de las columnas de suelo no son válidos cerca de la superficie de las parcelas con riego: con datos sintéticos quedó dentro entre el {low:.0%} y el {high:.0%} de los días, y el mapa resultó demasiado húmedo.</translation>
    </message>
    <message>
      <source>The soil columns are simulated; the maps follow</source>
      <translation>Las columnas de suelo están simuladas; siguen los mapas</translation>
    </message>
    <message>
      <source>Writing map {number:,} of {count:,}</source>
      <translation>Escribiendo el mapa {number:,} de {count:,}</translation>
    </message>
  </context>
</TS>
